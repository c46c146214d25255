import { afterEach, describe, expect, it } from '@jest/globals';
import { byNumber, connectAccount, found, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount | undefined;

afterEach(() => account?.stop());

describe.each(['2026-03', '2026-09'] as const)('HubSpot API %s', (apiVersion) => {
  it('takes a caller from unknown to a linked call, on paths of that version only', async () => {
    account = await connectAccount({ connector: { apiVersion } });
    const { connector, context, sandbox } = account;
    const query = byNumber('+15551234567');
    expect((await connector.lookUpPeople([query], ['firstname'], context)).map(found)).toEqual([[]]);

    const person = { key: query.key, ref: undefined, fields: { firstname: 'Zoe', phone: '+15551234567' } };
    const [contact] = await connector.upsertPeople([person], context);
    const activity = { key: 'acme/conv_1', kind: 'call', fields: { hs_timestamp: '2026-11-24T10:00:00Z' } } as const;
    const [call] = await connector.upsertActivities([activity], context);
    if (contact?.kind !== 'written' || call?.kind !== 'written') throw new Error('Both must be written.');
    expect(await connector.link([{ from: call.ref, to: contact.ref }], context)).toEqual([{ kind: 'linked' }]);
    expect(await connector.readPeople([contact.ref], ['firstname'], context)).toMatchObject([
      { fields: { firstname: 'Zoe' } },
    ]);

    expect(sandbox.records('calls')[0]?.associations).toMatchObject([{ type: 'contacts', id: contact.ref.id }]);
    const versions = sandbox.requestLog().map(({ path }) => path.split('/')[3]);
    expect(new Set(versions)).toEqual(new Set([apiVersion]));
  });
});

describe('HubSpot API 2026-09', () => {
  it("an admin's required property is for the mapping, and named", async () => {
    account = await connectAccount({
      connector: { apiVersion: '2026-09' },
      sandbox: { requiredByAdmin: { contacts: ['city'] } },
    });
    const { key } = byNumber('+15551234567');
    const results = await account.connector.upsertPeople(
      [{ key, ref: undefined, fields: { firstname: 'Zoe' } }],
      account.context,
    );
    expect(results).toMatchObject([
      { failure: { disposition: 'fix_mapping', code: 'hubspot.MISSING_REQUIRED_PROPERTY', field: 'city' } },
    ]);
  });
});
