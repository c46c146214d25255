import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Patient } from './doctor-patient.ts';
import { complaints, findingOf, report } from './doctor-patient.ts';
import {
  ACCEPT,
  applyTenant,
  at,
  eventOf,
  NOW,
  openTestStore,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';

const DAY_S = 24 * 60 * 60;
const environment: Record<string, string | undefined> = {};

let test: TestStore;

beforeAll(async () => {
  test = await openTestStore({ environment });
});
afterAll(() => test.close());

beforeEach(async () => {
  Object.assign(environment, { API_KEY: 'pd-key-7f3a', WEBHOOK_SECRET: 'bearer-secret-91c', TOKEN: 'hubspot-token' });
  await test.sql('truncate tenants, connections, inbox, ledger');
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
  await test.store.inbox.accept([eventOf('ten_acme', 'conv_1')], ACCEPT);
});

type Failure = Extract<Awaited<ReturnType<Patient['firstPageFor']>>, { readonly kind: 'failed' }>['failure'];

const page = (conversations: readonly never[], reasons: readonly ('invalid' | 'other_tenant')[]) => () =>
  Promise.resolve({
    kind: 'page' as const,
    page: { conversations, rejected: { count: reasons.length, items: reasons.map((reason) => ({ reason })) } },
  });

describe('PersonaDesk', () => {
  const failures: readonly (readonly [Failure['kind'], code: string, severity: string, who: RegExp])[] = [
    ['unauthorized', 'api_key_refused', 'error', /valid API key/],
    ['rate_limited', 'personadesk_rate_limited', 'warning', /^Nobody needs to act.*in 2\.0 s\.$/],
    ['unavailable', 'personadesk_unreachable', 'error', /personadesk\.baseUrl/],
    ['timeout', 'personadesk_unreachable', 'error', /personadesk\.baseUrl/],
    ['invalid_response', 'personadesk_not_understood', 'error', /v1/],
    ['bad_request', 'personadesk_not_understood', 'error', /v1/],
  ];

  it.each(failures)('that fails as %s is %s, said once and asked once', async (kind, code, severity, who) => {
    const found = await report(test, NOW, {
      listTenants: () => Promise.resolve({ kind: 'failed', failure: { kind, code: 'http_x', retryAfterMs: 2_000 } }),
      firstPageFor: () => Promise.reject(new Error('must not be asked')),
    });
    expect(complaints(found)).toEqual([code]);
    expect(findingOf(found, code)).toMatchObject({
      area: 'personadesk',
      severity,
      what: expect.stringContaining('(http_x)'),
      fix: expect.stringMatching(who),
    });
  });

  it('that shows other tenants only is an error: the key belongs to somebody else', async () => {
    const found = await report(test, NOW, {
      listTenants: () => Promise.resolve({ kind: 'found', value: [{ id: 'ten_x', raw: {} }] }),
    });
    expect(found.answer).toBe('acme-1 can be written to. PersonaDesk cannot be read. 1 error.');
    expect(complaints(found)).toEqual(['tenant_unknown']);
  });

  it('may refuse or lack the list of tenants, as long as conversations can be read', async () => {
    const refused = { kind: 'failed', failure: { kind: 'forbidden', code: 'http_403' } } as const;
    for (const answer of [refused, { kind: 'not_offered' } as const]) {
      expect(complaints(await report(test, NOW, { listTenants: () => Promise.resolve(answer) }))).toEqual([]);
    }
    const found = await report(test, NOW, { firstPageFor: () => Promise.resolve(refused) });
    expect(complaints(found)).toEqual(['api_key_not_allowed']);
  });

  it('that cannot be set up at all is a finding without the words of the error, and hides nothing else', async () => {
    const found = await report(test, NOW, { listTenants: () => Promise.reject(new TypeError('Zoë said so')) });
    expect(complaints(found)).toEqual(['check_stopped']);
    expect(findingOf(found, 'check_stopped')).toMatchObject({
      area: 'personadesk',
      what: 'The look at PersonaDesk stopped before its end (TypeError).',
    });
  });

  it('that lists conversations of others, or some that do not read, is told with how many', async () => {
    const found = await report(test, NOW, { firstPageFor: page([], ['other_tenant', 'invalid', 'invalid']) });
    expect(complaints(found)).toEqual(['other_tenant', 'conversations_unreadable']);
    expect(findingOf(found, 'other_tenant').what).toMatch(/^1 of 3 listed conversations/);
    expect(findingOf(found, 'conversations_unreadable').what).toMatch(/^2 of 3 listed conversations/);
  });
});

describe('webhooks', () => {
  it('that never came are a warning with the address to enter in PersonaDesk', async () => {
    await test.sql('truncate inbox');
    await test.sql(`update tenants set endpoint_id = 'endpoint-1'`);
    const found = await report(test, NOW);
    expect(complaints(found)).toEqual(['no_event_yet']);
    expect(found.connections[0]?.lastEventAt).toBeUndefined();
    const { fix } = findingOf(found, 'no_event_yet');
    expect(fix).toContain('https://sync.example.com/webhooks/personadesk/endpoint-1');
    expect(fix).toContain('crm-sync send-test-event ten_acme');
  });

  it('that stay away over a long weekend are no reason to worry, and a day later they are', async () => {
    expect(complaints(await report(test, at(4 * DAY_S)))).toEqual([]);
    const found = await report(test, at(5 * DAY_S));
    expect(complaints(found)).toEqual(['no_event_lately']);
    expect(findingOf(found, 'no_event_lately').what).toBe('No webhook has come in for 5 d.');
  });

  it('that cannot be verified are an error; with one secret of a rotation missing, a warning', async () => {
    const rotating = { scheme: 'bearer', secrets: [{ env: 'WEBHOOK_SECRET' }, { env: 'NEXT_SECRET' }] };
    await applyTenant(test.store, tenantOf('ten_acme', ['acme-1'], { webhook: { verification: rotating } }));
    const rotation = await report(test, NOW);
    expect(rotation.answer).toBe('acme-1 can be written to. 1 warning.');
    expect(findingOf(rotation, 'secret_missing').what).toContain('webhook.verification.secrets[1]');
    delete environment.WEBHOOK_SECRET;
    const none = await report(test, NOW);
    expect(none.answer).toBe('acme-1 can be written to. Webhooks cannot be verified. 2 errors.');
  });

  it('are signed with a secret that the intake can use, or the doctor says so without showing it', async () => {
    const verification = { scheme: 'standard-webhooks', secrets: [{ env: 'WEBHOOK_SECRET' }] };
    await applyTenant(test.store, tenantOf('ten_acme', ['acme-1'], { webhook: { verification } }));
    const found = await report(test, NOW);
    expect(complaints(found)).toEqual(['webhook_secret_malformed']);
    expect(JSON.stringify(found)).not.toContain('bearer-secret-91c');
    environment.WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
    expect(complaints(await report(test, NOW))).toEqual([]);
  });
});
