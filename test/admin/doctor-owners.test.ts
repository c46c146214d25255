import { describe, expect, it } from '@jest/globals';
import { examineOwners } from '../../src/admin/services/examine-owners.ts';
import { configurationSchema, type ConnectionConfiguration } from '../../src/domain/configuration.ts';
import type { OwnerAnswer, OwnerQuery } from '../../src/domain/crm.ts';
import { refusal } from './doctor-patient.ts';

const connections = configurationSchema.shape.tenants.element.shape.connections.unwrap();

function salesforceWith(owners: unknown): ConnectionConfiguration {
  const credentials = { accessToken: { env: 'TOKEN' } };
  const [connection] = connections.parse([
    { id: 'acme-1', crm: 'salesforce', baseUrl: 'https://acme.my.salesforce.com', credentials, owners },
  ]);
  if (connection === undefined) throw new Error('one connection');
  return connection;
}

const OWNERS = {
  agents: { ag_1: 'dana@acme.example', ag_2: 'gone@acme.example', ag_3: 'nobody@acme.example' },
  fallback: { queue: 'Front Desk' },
};

/** Looks at {@link OWNERS} in a CRM that answers as told. */
async function examine(answer: (query: OwnerQuery) => OwnerAnswer) {
  const asked: OwnerQuery[] = [];
  const findOwners = (queries: readonly OwnerQuery[]) => {
    asked.push(...queries);
    return Promise.resolve(queries.map(answer));
  };
  const context = { signal: new AbortController().signal };
  return { asked, findings: await examineOwners({ findOwners }, salesforceWith(OWNERS), context) };
}

describe('the doctor on owners', () => {
  it('names agents whose owner the CRM does not know or would refuse, and no address', async () => {
    const { findings, asked } = await examine(({ value }) => {
      if (value.startsWith('gone')) return { kind: 'inactive', ownerId: '2' };
      return value.startsWith('dana') ? { kind: 'active', ownerId: '1' } : { kind: 'unknown' };
    });
    expect(asked.at(-1)).toEqual({ by: 'queue', value: 'Front Desk' });
    expect(findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
      'warning owner_unknown',
      'warning owner_inactive',
    ]);
    expect(findings[0]?.what).toContain('agent ag_3, the fallback.');
    expect(findings[1]?.what).toContain('agent ag_2.');
    expect(JSON.stringify(findings)).not.toMatch(/@acme|Front Desk/);
  });

  it('says that all is well, and that it could not look', async () => {
    expect((await examine(() => ({ kind: 'active', ownerId: '1' }))).findings).toMatchObject([
      { code: 'owners_found' },
    ]);
    const failure = refusal('fix_mapping', 'hubspot.MISSING_SCOPES', 'secret words');
    const { findings } = await examine(() => ({ kind: 'could_not_check', failure }));
    expect(findings).toMatchObject([{ severity: 'warning', code: 'owners_not_checked' }]);
    expect(JSON.stringify(findings)).not.toContain('secret words');
  });

  it('asks nothing when the configuration names nobody', async () => {
    const never = () => Promise.reject(new Error('must not be asked'));
    const context = { signal: new AbortController().signal };
    expect(await examineOwners({ findOwners: never }, salesforceWith({}), context)).toEqual([]);
  });
});
