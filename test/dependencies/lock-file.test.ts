import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { completed, missingOptionalPackages, type LockFile } from './lock-file.ts';

describe('package-lock.json', () => {
  it('names every optional package, or `npm ci` refuses it on every machine (else: npm run lock)', async () => {
    const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as LockFile; // npm's own format
    expect(Object.keys(lock.packages).length).toBeGreaterThan(300);
    expect(missingOptionalPackages(lock).map(({ path }) => path)).toEqual([]);
  });

  it('holds no address of a registry', async () => {
    expect(await readFile('package-lock.json', 'utf8')).not.toMatch(/"resolved": "http/);
  });
});

describe('completing a lock file', () => {
  const lock: LockFile = {
    packages: {
      '': {},
      'node_modules/a': {
        version: '1.0.0',
        dev: true,
        optionalDependencies: { '@a/linux-x64': '1.0.0', '@a/darwin-arm64': '1.0.0' },
      },
      'node_modules/@a/linux-x64': { version: '1.0.0' },
      'node_modules/b/node_modules/c': { version: '1.0.0', optionalDependencies: { d: '2.0.0' } },
      'node_modules/b/node_modules/d': { version: '2.0.0' },
    },
  };

  it('adds only what Node would not find, with the platform it is for', () => {
    expect(missingOptionalPackages(lock)).toEqual([
      {
        path: 'node_modules/@a/darwin-arm64',
        entry: { version: '1.0.0', dev: true, optional: true, os: ['darwin'], cpu: ['arm64'] },
      },
    ]);
  });

  it('leaves nothing to add', () => {
    expect(missingOptionalPackages(completed(lock))).toEqual([]);
  });
});
