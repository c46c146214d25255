import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { phoneKey } from '../../src/domain/caller.ts';
import { parseNumber } from '../../src/domain/phone.ts';
import {
  ACCEPT,
  applyTenant,
  connectionId,
  conversationId,
  eventOf,
  NOW,
  openTestStore,
  recorded,
  SYNCED,
  tenantId,
  tenantOf,
  type TestStore,
} from './open-test-store.ts';

/** What must not be found anywhere: a number, a name, a secret. */
const PLANTED = { number: '+15557654321', name: 'Persephone Quillfeather', secret: 'pat-na1-planted-secret' };
const acme = connectionId('acme-1');
const tenant = tenantId('ten_acme');
let test: TestStore;

beforeAll(async () => {
  test = await openTestStore();
  await applyTenant(test.store, tenantOf('ten_acme', ['acme-1']));
});

afterAll(async () => {
  await test.close();
});

it('no number, name or secret stands in any table in clear, in any encoding', async () => {
  await putPlantedEverywhere();
  const tables = await test.sql<{ table_name: string }>(
    `select table_name from information_schema.tables where table_schema = 'public'`,
  );
  const filled: string[] = [];
  for (const { table_name } of tables) {
    // Binary columns as text are hex, so the planted values are looked for in hex and base64 as well.
    const rows = await test.sql<{ row: string }>(`select t::text as row from "${table_name}" t`);
    if (rows.length > 0) filled.push(table_name);
    const dump = rows.map(({ row }) => row.toLowerCase()).join('\n');
    for (const text of Object.values(PLANTED).flatMap(encodings)) {
      expect({ table_name, found: dump.includes(text) }).toEqual({ table_name, found: false });
    }
  }
  // The test is worth nothing for a table it left empty.
  expect(filled).toEqual(
    expect.arrayContaining([
      'inbox',
      'ledger',
      'attempts',
      'snapshots',
      'people',
      'caller_choices',
      'secrets',
      'tokens',
      'data_keys',
    ]),
  );
});

async function putPlantedEverywhere(): Promise<void> {
  const number = parseNumber(PLANTED.number, 'US');
  if (number.kind !== 'number') throw new Error('the planted number must be one');
  await test.store.secrets.put(tenant, 'token', PLANTED.secret);
  const { secret } = PLANTED;
  await test.store.tokens.renew({ tenantId: tenant, connectionId: acme, lineage: secret }, undefined, () =>
    Promise.resolve({
      kind: 'issued',
      accessToken: secret,
      refreshToken: secret,
      expiresAt: undefined,
      account: undefined,
    }),
  );
  await test.store.inbox.accept(
    [eventOf('ten_acme', 'conv-1', 'conversation.completed', { fromNumber: PLANTED.number })],
    ACCEPT,
  );
  const fence = await test.store.connections.takeFence(acme);
  await test.store.ledger.claim({ connectionId: acme, fence, limit: 9, now: NOW });
  const person = { object: 'contacts', id: '1' };
  const { recorded: done } = await test.store.ledger.record({
    tenantId: tenant,
    connectionId: acme,
    fence,
    now: NOW,
    people: [{ key: phoneKey(number.e164), ref: person, createdByUs: true }],
    rows: [
      recorded('conv-1', SYNCED, {
        written: {
          person,
          activity: { ref: { object: 'calls', id: '2' }, fields: { title: PLANTED.name }, linkedTo: person },
          task: undefined,
        },
        snapshot: { body: PLANTED, expiresAt: NOW },
        trace: PLANTED,
      }),
    ],
  });
  expect(done).toEqual([conversationId('conv-1')]);
  expect((await test.store.people.find(acme, [phoneKey(number.e164)])).size).toBe(1);
  await test.store.choices.choose({
    tenantId: tenant,
    connectionId: acme,
    conversationId: conversationId('conv-1'),
    decision: { action: 'skip' },
    caller: phoneKey(number.e164),
    by: 'dana',
    now: NOW,
  });
}

function encodings(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  // Without the last characters of base64, which depend on what follows.
  return [text, bytes.toString('hex'), bytes.toString('base64').slice(0, -4)].map((one) => one.toLowerCase());
}
