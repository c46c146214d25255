/** `npm run docs`: writes docs/reference.md anew. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { referencePage } from './reference.ts';

const file = fileURLToPath(new URL('../../docs/reference.md', import.meta.url));
await writeFile(file, await format(referencePage(), { parser: 'markdown', printWidth: 120 }));
