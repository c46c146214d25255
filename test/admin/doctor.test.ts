import { afterAll, beforeEach, beforeAll, describe, expect, it } from '@jest/globals';
import { doctorBlocks, doctorHints } from '../../src/admin/services/doctor-text.ts';
import { StoreError } from '../../src/store/store-error.ts';
import { absentAsNull } from '../../src/admin/stable-json.ts';
import {
  ACCEPT,
  applyTenant,
  at,
  connectionId,
  eventOf,
  NOW,
  openTestStore,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { complaints, examine, finding, findingOf, refusal, report, type Patient } from './doctor-patient.ts';

const acme = connectionId('acme-1');
const SECRETS = { API_KEY: 'pd-key-7f3a', WEBHOOK_SECRET: 'bearer-secret-91c', TOKEN: 'hubspot-token-55e' };

let test: TestStore;
/** What `{ env: NAME }` secrets are read from; tests take some away. */
const environment: Record<string, string | undefined> = {};

beforeAll(async () => {
  test = await openTestStore({ environment });
});
afterAll(() => test.close());

beforeEach(async () => {
  Object.assign(environment, SECRETS);
  await test.sql('truncate tenants, connections, inbox, ledger, api_usage, api_days');
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
  await test.store.inbox.accept([eventOf('ten_acme', 'conv_1')], ACCEPT);
});

const never = (what: string) => () => Promise.reject(new Error(`${what} must not be asked`));

describe('the doctor', () => {
  it('says in its first line that a sound connection can be written to', async () => {
    const found = await report(test, NOW);
    expect(found).toMatchObject({ answer: 'acme-1 can be written to.', errors: 0, warnings: 0 });
    expect(found.connections[0]?.lastEventAt).toEqual(NOW);
  });

  it('hands on what the connector found, the worst first, and counts it in the answer', async () => {
    const check: Patient['check'] = () =>
      Promise.resolve([
        finding('ok', 'token_valid', 'HubSpot takes the token.'),
        finding('warning', 'owners_unreadable', 'Owners cannot be read.', 'A HubSpot admin adds a scope.'),
        finding('error', 'scope_missing', 'A scope is missing.', 'A HubSpot admin adds another scope.'),
      ]);
    const found = await report(test, NOW, { check });
    expect(found.answer).toBe('acme-1 cannot be written to. 1 error, 1 warning.');
    expect(found.connections[0]?.findings.map(({ severity }) => severity)).toEqual([
      'error',
      'warning',
      ...Array.from({ length: 6 }, () => 'ok'),
    ]);
    expect(findingOf(found, 'scope_missing').area).toBe('crm');
  });

  it('counts what it asks of the CRM into the day, and asks nothing more when the day is used up', async () => {
    const refusals: (string | undefined)[] = [];
    const check: Patient['check'] = async ({ gate, signal }) => {
      refusals.push((await gate?.leave('properties', { signal, trafficClass: 'live' }))?.code);
      return [];
    };
    await report(test, NOW, { check });
    await report(test, NOW, { check });
    const [today] = await test.store.budget.today(NOW);
    expect(today).toMatchObject({ connectionId: 'acme-1', calls: { live: 2 } });
    await test.sql('update api_usage set calls = 625000');
    await report(test, NOW, { check });
    expect(refusals).toEqual([undefined, undefined, 'budget.daily']);
  });

  it('knows no connection that is not there, and looks at all when none is named', async () => {
    expect(await examine(test, NOW, {}, { connection: 'nowhere' })).toEqual({
      kind: 'unknown_connection',
      connectionId: 'nowhere',
    });
    await applyTenant(test.store, tenantOf('ten_acme', ['acme-2']));
    const all = await report(test, NOW);
    expect(all.answer).toBe('All 2 connections can be written to.');
    const one = await report(test, NOW, {}, { connection: 'acme-2' });
    expect(one.connections.map((each) => each.connectionId)).toEqual(['acme-2']);
  });

  it('says that nothing is configured yet', async () => {
    await test.sql('truncate connections');
    expect(await report(test, NOW)).toMatchObject({ answer: 'No connection is configured yet.', errors: 0 });
  });
});

describe('a secret that cannot be read', () => {
  it('is named by its place, and nobody is asked without it', async () => {
    delete environment.TOKEN;
    delete environment.API_KEY;
    const found = await report(test, NOW, {
      reach: never('the CRM'),
      check: never('the CRM'),
      listTenants: never('PersonaDesk'),
      firstPageFor: never('PersonaDesk'),
    });
    expect(found.answer).toBe('acme-1 cannot be written to. PersonaDesk cannot be read. 2 errors.');
    expect(found.connections[0]?.findings.slice(0, 2).map(({ area, what }) => `${area} ${what}`)).toEqual([
      expect.stringMatching(/^crm credentials\.accessToken: .*environment variable TOKEN is not set\.$/),
      expect.stringMatching(/^personadesk personadesk\.apiKey: .*environment variable API_KEY is not set\.$/),
    ]);
  });

  it('does not hide another connection, and no value of any secret is in the report', async () => {
    await applyTenant(
      test.store,
      tenantOf('ten_other', ['other-1'], { personadesk: { apiKey: { env: 'OTHER_KEY' } } }),
    );
    const found = await report(test, NOW);
    expect(found.answer).toBe('1 of 2 connections needs a person: other-1. 1 error, 1 warning.');
    const shown = JSON.stringify(found) + doctorBlocks(found).join() + doctorHints(found, false).join();
    for (const value of Object.values(SECRETS)) expect(shown).not.toContain(value);
  });
});

describe('the state of the connection', () => {
  it('is a warning in words when a person paused it', async () => {
    await test.store.connections.pause(acme);
    const found = await report(test, NOW);
    expect(found.answer).toBe('acme-1 can be written to, but is paused. 1 warning.');
    expect(findingOf(found, 'connection_paused').fix).toContain('crm-sync resume acme-1');
  });

  it('is an error with the vendor’s code when it is broken', async () => {
    await test.store.connections.markBroken(acme, 'hubspot.EXPIRED_AUTHENTICATION', NOW);
    const found = await report(test, NOW);
    expect(found.answer).toBe('acme-1 cannot be written to. 1 error.');
    expect(findingOf(found, 'connection_broken').what).toContain('hubspot.EXPIRED_AUTHENTICATION');
  });

  it('is a warning with its end while it is parked, and nothing once that has passed', async () => {
    await test.store.connections.park(acme, at(600), 'daily limit');
    const parked = await report(test, NOW);
    expect(parked.answer).toBe('acme-1 can be written to, but is left alone for a while. 1 warning.');
    expect(findingOf(parked, 'connection_parked').what).toMatch(/\(daily limit\).*in 10 min, at 2026-03-02T09:10/);
    expect(complaints(await report(test, at(600)))).toEqual([]);
  });
});

describe('a CRM that cannot be looked at', () => {
  it('is one finding when nobody answers, and is not asked further', async () => {
    const found = await report(test, NOW, {
      reach: () => Promise.resolve({ kind: 'silent', code: 'refused' }),
      check: never('the CRM'),
    });
    expect(complaints(found)).toEqual(['crm_unreachable']);
    expect(findingOf(found, 'crm_unreachable').what).toContain('(refused)');
  });

  it('is a finding without the words of the error, when the look itself fails', async () => {
    const found = await report(test, NOW, {
      check: () => Promise.reject(Object.assign(new Error('Zoë said +15551234567'), { code: 'ERR_INVALID_URL' })),
    });
    expect(complaints(found)).toEqual(['check_stopped']);
    expect(findingOf(found, 'check_stopped').what).toContain('(ERR_INVALID_URL)');
    expect(JSON.stringify(found)).not.toMatch(/Zoë|5551234567/);
  });

  it('ends the command when it was our own database that failed', async () => {
    const check = () => Promise.reject(new StoreError('ECONNREFUSED', true));
    await expect(report(test, NOW, { check })).rejects.toMatchObject({ name: 'StoreError' });
  });
});

describe('--fix', () => {
  it('creates before it looks, and says what was created', async () => {
    const asked: string[] = [];
    const found = await report(
      test,
      NOW,
      {
        provision: () => {
          asked.push('provision');
          return Promise.resolve({ kind: 'ready', created: ['contacts.personadesk_person_key'] });
        },
        check: () => {
          asked.push('check');
          return Promise.resolve([]);
        },
      },
      { fix: true },
    );
    expect(asked).toEqual(['provision', 'check']);
    expect(found.connections[0]?.created).toEqual(['contacts.personadesk_person_key']);
    expect(findingOf(found, 'created').what).toBe('Created now: contacts.personadesk_person_key.');
  });

  it('changes nothing in the CRM unless it is asked for', async () => {
    const found = await report(test, NOW, { provision: never('provision') });
    expect(found.connections[0]?.created).toBeUndefined();
  });

  it('that is refused says by which code and who acts, not in the vendor’s words', async () => {
    const found = await report(
      test,
      NOW,
      {
        provision: () =>
          Promise.resolve({ kind: 'failed', failure: refusal('reconnect', 'hubspot.MISSING_SCOPES', 'for Zoë') }),
      },
      { fix: true },
    );
    expect(complaints(found)).toEqual(['provision_failed']);
    expect(findingOf(found, 'provision_failed')).toMatchObject({
      what: 'What writing needs could not be created (hubspot.MISSING_SCOPES).',
      fix: expect.stringContaining('A CRM admin'),
    });
    expect(JSON.stringify(found)).not.toContain('Zoë');
  });
});

describe('the text', () => {
  it('is the answer, a table, then who does what; a remedy of several findings stands once', async () => {
    const fix = 'A HubSpot admin adds crm.schemas.contacts.write to the app.';
    const missing = (what: string) => ({ ...finding('error', 'unique_property_missing', what, fix), fixable: true });
    const found = await report(test, NOW, {
      check: () => Promise.resolve([missing('contacts lack the key.'), missing('calls lack the key.')]),
    });
    const [answer, findings] = doctorBlocks(found);
    expect(answer).toBe('acme-1 cannot be written to. 2 errors.');
    expect(findings?.split('\n').slice(0, 3)).toEqual([
      'severity  about        what',
      '✗ error   CRM          contacts lack the key.',
      '✗ error   CRM          calls lack the key.',
    ]);
    expect(doctorHints(found, false)).toEqual([fix, 'what may be created is created by: crm-sync doctor acme-1 --fix']);
    expect(doctorHints(found, true)).toEqual([fix]);
  });

  it('of several connections names each before its remedies', async () => {
    await applyTenant(test.store, tenantOf('ten_acme', ['acme-2']));
    await test.store.connections.pause(acme);
    const found = await report(test, NOW);
    expect(doctorBlocks(found)).toHaveLength(3);
    expect(doctorHints(found, false)).toEqual(['acme-1: An operator goes on with: crm-sync resume acme-1']);
  });

  it('as JSON has every key, whatever was found', async () => {
    const found = await report(test, NOW);
    // What is printed is what scripts read.
    const json = JSON.parse(JSON.stringify(found, absentAsNull)) as { connections: readonly object[] };
    expect(Object.keys(json)).toEqual(['kind', 'answer', 'at', 'errors', 'warnings', 'connections']);
    expect(json.connections[0]).toMatchObject({ connectionId: 'acme-1', crm: 'hubspot', created: null });
    expect(Object.keys(json.connections[0] ?? {})).toEqual([
      'connectionId',
      'tenantId',
      'tenantName',
      'crm',
      'answer',
      'lastEventAt',
      'created',
      'findings',
    ]);
  });
});
