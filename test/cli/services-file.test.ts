import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readServicesFile, removeServicesFile, writeServicesFile } from '../../src/runtime/services-file.ts';

const SERVICES = {
  pid: 4242,
  databaseUrl: 'postgresql:///crm_sync?host=/tmp/x&user=crm_sync',
  temporalAddress: '127.0.0.1:7233',
  temporalNamespace: 'default',
  intakePort: 8081,
  adminPort: 8080,
};

describe('the note of where the services are', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'crm-sync-services-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it('is read back as it was written, by its owner only, and leaves no draft', async () => {
    await writeServicesFile(directory, SERVICES);
    await writeServicesFile(directory, { ...SERVICES, pid: 4243 });
    expect(await readServicesFile(directory)).toEqual({ ...SERVICES, pid: 4243 });
    expect(await readdir(directory)).toEqual(['runtime.json']);
    expect((await stat(join(directory, 'runtime.json'))).mode & 0o777).toBe(0o600);
  });

  it('makes the data directory when it is the first to need it', async () => {
    await writeServicesFile(join(directory, 'new'), SERVICES);
    expect(await readServicesFile(join(directory, 'new'))).toEqual(SERVICES);
  });

  it('is gone after an orderly stop, and taking it back twice is no error', async () => {
    await writeServicesFile(directory, SERVICES);
    await removeServicesFile(directory);
    await removeServicesFile(directory);
    expect(await readServicesFile(directory)).toBeUndefined();
  });

  it('that is no such note is an error that names the file', async () => {
    for (const content of ['', '{', '{"pid":1}', '[]']) {
      await writeFile(join(directory, 'runtime.json'), content);
      await expect(readServicesFile(directory)).rejects.toThrow(/runtime\.json.*npm start/);
    }
  });
});
