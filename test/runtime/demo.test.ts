import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { configurationSchema } from '../../src/domain/configuration.ts';
import { decideDemo, type ConfiguredTenants } from '../../src/runtime/demo.ts';
import { demoConfiguration, demoSecrets } from '../../src/runtime/demo-tenant.ts';
import { readEnvironment } from '../../src/runtime/environment.ts';

/** A store with these tenants (id and endpoint) and these connections. */
function configured(tenants: readonly (readonly [string, string])[], connections: readonly string[]) {
  // Only ids and endpoints decide.
  return {
    tenants: { list: () => Promise.resolve(tenants.map(([id, endpointId]) => ({ id, endpointId }))) },
    connections: { list: () => Promise.resolve(connections.map((id) => ({ id }))) },
  } as unknown as ConfiguredTenants;
}

const DEMO_TENANT = ['ten_demo', 'demo'] as const;

describe('the demo', () => {
  it.each([
    ['runs on an empty database', [], [], false, { kind: 'run' }],
    ['goes on at a later start', [DEMO_TENANT], ['demo-hubspot', 'demo-salesforce'], false, { kind: 'run' }],
    ['runs while tenants have no connection yet', [['ten_acme', 'x']], [], false, { kind: 'run' }],
    ['is not begun beside real connections', [['ten_acme', 'x']], ['acme'], false, { kind: 'rest', pause: false }],
    ['runs beside real connections when asked for', [['ten_acme', 'x']], ['acme'], true, { kind: 'run' }],
    [
      'ends, and its connections are paused, once there are real connections',
      [DEMO_TENANT, ['ten_acme', 'x']],
      ['acme', 'demo-hubspot', 'demo-salesforce'],
      false,
      { kind: 'rest', pause: true },
    ],
    [
      'leaves a tenant of the same id alone that is somebody’s own',
      [['ten_demo', 'theirs']],
      ['demo-hubspot'],
      false,
      { kind: 'rest', pause: false },
    ],
  ] as const)('%s', async (_what, tenants, connections, asked, decision) => {
    expect(await decideDemo(configured(tenants, connections), asked)).toEqual(decision);
  });

  it('refuses to take over a tenant that is somebody’s own', async () => {
    await expect(decideDemo(configured([['ten_demo', 'theirs']], []), true)).rejects.toMatchObject({
      code: 'demo_tenant_taken',
    });
  });

  it('is a configuration file like any other, with its secrets in files only their owner can read', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crm-sync-demo-'));
    try {
      const secrets = await demoSecrets(folder);
      const yaml = demoConfiguration(readEnvironment({ CRM_SYNC_SANDBOX_HUBSPOT_PORT: '9192' }), secrets);
      const { tenants } = configurationSchema.parse(parse(yaml));
      expect(tenants[0]?.connections).toMatchObject([
        { crm: 'hubspot', baseUrl: 'http://127.0.0.1:9192' },
        { crm: 'salesforce', baseUrl: 'http://127.0.0.1:8093' },
      ]);
      for (const secret of Object.values(secrets) as { file: string; value: string }[]) {
        expect(yaml).not.toContain(secret.value);
        expect((await stat(secret.file)).mode & 0o777).toBe(0o600);
      }
      expect(await demoSecrets(folder)).toEqual(secrets);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
