import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiVersion } from '../../../connectors/hubspot/api.ts';
import { phoneKey } from '../../../src/domain/caller.ts';
import { API_VERSIONS, byNumber, caller, connectAccount, found, type ConnectedAccount } from './connected-account.ts';

let apiVersion: ApiVersion;

const accounts: ConnectedAccount[] = [];

afterEach(async () => {
  for (const account of accounts.splice(0)) await account.stop();
});

async function connected(seed: number): Promise<ConnectedAccount> {
  // The lag is far longer than the test: what was restored has to be visible to search at once.
  const account = await connectAccount({
    provisioned: false,
    connector: { apiVersion },
    sandbox: { seed, searchLagMs: 3_600_000 },
  });
  accounts.push(account);
  return account;
}

/** A caller with a call on the timeline. */
async function deliver({ connector, context }: ConnectedAccount) {
  await connector.provision(context);
  const fields = { firstname: 'Zoe', phone: caller(0) };
  const [contact] = await connector.upsertPeople([{ key: phoneKey(caller(0)), ref: undefined, fields }], context);
  const activity = { key: 'acme/conv_1', kind: 'call', fields: { hs_timestamp: '2026-11-24T10:00:00Z' } } as const;
  const [call] = await connector.upsertActivities([{ ...activity, person: undefined }], context);
  if (contact?.kind !== 'written' || call?.kind !== 'written') throw new Error('Both must be written.');
  expect(await connector.link([{ from: call.ref, to: contact.ref }], context)).toEqual([{ kind: 'linked' }]);
  return { contact, call };
}

describe.each(API_VERSIONS)('HubSpot API %s', (version) => {
  beforeEach(() => {
    apiVersion = version;
  });

  describe('an account that was kept over a restart', () => {
    it('has the records it had, under their ids, and takes them for what they are', async () => {
      const before = await connected(1);
      const first = await deliver(before);
      const merged = before.sandbox.seedRecords('contacts', [{ firstname: 'Z.' }]);
      before.sandbox.mergeAsPerson(first.contact.ref.id, merged[0] ?? '');
      const kept: unknown = JSON.parse(JSON.stringify(before.sandbox.snapshot()));

      const after = await connected(2);
      const restored = await fetch(`${after.sandbox.url}/_sandbox/restore`, {
        method: 'POST',
        body: JSON.stringify(kept),
      });
      expect(restored.status).toBe(200);
      for (const object of ['contacts', 'calls'] as const) {
        expect(after.sandbox.records(object)).toEqual(before.sandbox.records(object));
      }
      const { connector, context } = after;
      expect(await connector.provision(context)).toEqual({ kind: 'ready', created: [] });
      const [search] = await connector.lookUpPeople([byNumber(caller(0))], [], context);
      expect(found(search)).toEqual([first.contact.ref.id]);
      const again = await deliver(after);
      expect(again.contact).toMatchObject({ ...first.contact, created: false });
      expect(again.call).toEqual({ ...first.call, created: false });
      expect(await connector.readPeople([{ object: 'contacts', id: merged[0] ?? '' }], [], context)).toMatchObject([
        { kind: 'present', ref: first.contact.ref },
      ]);
    });

    it('gives no id twice', async () => {
      const before = await connected(1);
      const first = await deliver(before);
      const after = await connected(1);
      after.sandbox.restore(before.sandbox.snapshot());
      const [id] = after.sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
      expect([first.contact.ref.id, first.call.ref.id]).not.toContain(id);
    });

    it('is not changed by what happens to the one it was taken from', async () => {
      const before = await connected(1);
      const { contact } = await deliver(before);
      const snapshot = before.sandbox.snapshot();
      before.sandbox.editAsPerson('contacts', contact.ref.id, { firstname: 'Ada' });
      before.sandbox.restore(snapshot);
      expect(before.sandbox.records('contacts')).toMatchObject([{ properties: { firstname: 'Zoe' } }]);
    });

    it('takes nothing that is no snapshot', async () => {
      const { sandbox } = await connected(1);
      sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
      const answer = await fetch(`${sandbox.url}/_sandbox/restore`, { method: 'POST', body: '{"records":[]}' });
      expect(answer.status).toBe(400);
      expect(sandbox.records('contacts')).toHaveLength(1);
    });
  });
});
