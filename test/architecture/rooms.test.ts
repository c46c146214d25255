import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkRooms } from './rooms.ts';

/** Violations somebody might plant: a file, what it imports, and the rule that must speak up. */
const VIOLATIONS = [
  ['src/domain/plan.ts', '../store/ledger.ts', 'room src/domain/'],
  ['src/domain/io.ts', 'node:fs', 'domain is pure'],
  ['src/mapping/text.ts', '../delivery/plan.ts', 'room src/mapping/'],
  ['src/intake/receive.ts', '../delivery/plan.ts', 'room src/intake/'],
  ['src/delivery/apply.ts', '../admin/app.ts', 'room src/delivery/'],
  ['connectors/hubspot/api.ts', '../../src/store/ledger.ts', 'room connectors/'],
  ['connectors/hubspot/api.ts', '../salesforce/api.ts', 'connectors know nothing of each other'],
  ['workflows/loop.ts', '../activities/deliver.ts', 'workflows know activities as types'],
  ['workflows/loop.ts', 'node:crypto', 'workflows are deterministic'],
  ['sandbox/hubspot/server.ts', '../../src/domain/ids.ts', 'room sandbox/'],
  ['src/admin/app.ts', '../../sandbox/hubspot/page.ts', 'room src/admin/'],
] as const;

describe('the room rules', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'crm-sync-rooms-'));
    await symlink(resolve('node_modules'), join(root, 'node_modules'));
    await writeFile(join(root, 'tsconfig.json'), '{ "compilerOptions": { "module": "nodenext" } }');
  });
  afterEach(() => rm(root, { recursive: true }));

  async function plant(file: string, text: string): Promise<void> {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), text);
  }

  it.each(VIOLATIONS)('%s importing %s is a violation', async (file, imported, rule) => {
    await plant(file, `import * as planted from '${imported}';\nexport const used = planted;\n`);
    if (imported.startsWith('.')) await plant(join(dirname(file), imported), 'export const here = 1;\n');
    const { violations } = await checkRooms(root, [file]);
    expect(violations.map((violation) => violation.split(': ')[0])).toContain(rule);
  });

  it('a cycle is a violation', async () => {
    await plant('src/domain/a.ts', "import { b } from './b.ts';\nexport const a = (): unknown => b;\n");
    await plant('src/domain/b.ts', "import { a } from './a.ts';\nexport const b = (): unknown => a;\n");
    expect((await checkRooms(root, ['src'])).violations.join()).toContain('no cycles');
  });

  it('what the table allows is none', async () => {
    await plant('src/domain/plan.ts', 'export const plan = 1;\n');
    await plant('src/delivery/apply.ts', "import { plan } from '../domain/plan.ts';\nexport const applied = plan;\n");
    await plant('activities/deliver.ts', 'export interface Activities { readonly deliver: () => void }\n');
    await plant(
      'workflows/loop.ts',
      "import type { Activities } from '../activities/deliver.ts';\nexport type A = Activities;\n",
    );
    const { modules, violations } = await checkRooms(root, ['src', 'workflows', 'activities']);
    expect([modules, violations]).toEqual([4, []]);
  });
});
