/** `npm run lock`: after a change of dependencies, names in package-lock.json what a registry mirror could not offer. */
import { readFile, writeFile } from 'node:fs/promises';
import { completed, missingOptionalPackages, type LockFile } from './lock-file.ts';

const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as LockFile; // npm's own format
await writeFile('package-lock.json', `${JSON.stringify(completed(lock), undefined, 2)}\n`);
console.log(`Added ${missingOptionalPackages(lock).length} packages to package-lock.json.`);
