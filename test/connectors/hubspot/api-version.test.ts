import { afterEach, describe, expect, it } from '@jest/globals';
import { API_VERSIONS, byNumber, connectAccount, found, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount | undefined;

afterEach(() => account?.stop());

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  it('takes a caller from unknown to a linked call, on paths of that version only', async () => {
    account = await connectAccount({ connector: { apiVersion } });
    const { connector, context, sandbox } = account;
    const query = byNumber('+15551234567');
    expect((await connector.lookUpPeople([query], ['firstname'], context)).map(found)).toEqual([[]]);

    const person = { key: query.key, ref: undefined, fields: { firstname: 'Zoe', phone: '+15551234567' } };
    const [contact] = await connector.upsertPeople([person], context);
    const activity = {
      key: 'acme/conv_1',
      kind: 'call',
      fields: { hs_timestamp: '2026-11-24T10:00:00Z' },
      person: undefined,
    } as const;
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
  it("an admin's required property is for the mapping, and named; it binds new contacts only", async () => {
    account = await connectAccount({
      connector: { apiVersion: '2026-09' },
      sandbox: { requiredByAdmin: { contacts: ['city'] } },
    });
    const { connector, context, sandbox } = account;
    const [id = ''] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }]);
    const results = await connector.upsertPeople(
      [
        { key: byNumber('+15551234567').key, ref: undefined, fields: { firstname: 'Zoe' } },
        { key: byNumber('+15551234568').key, ref: undefined, fields: { firstname: 'Bob', city: 'Bern' } },
        { key: byNumber('+15551234569').key, ref: { object: 'contacts', id }, fields: { lastname: 'Reed' } },
      ],
      context,
    );
    expect(results).toMatchObject([
      { failure: { disposition: 'fix_mapping', code: 'hubspot.MISSING_REQUIRED_PROPERTY', field: 'city' } },
      { kind: 'written', created: true },
      { kind: 'written', created: false },
    ]);
  });

  it.each([
    ['calls', 'call'],
    ['communications', 'text_message'],
    ['notes', 'chat'],
  ] as const)('an admin may require a property of %s', async (object, kind) => {
    account = await connectAccount({
      connector: { apiVersion: '2026-09' },
      sandbox: { requiredByAdmin: { [object]: ['hubspot_owner_id'] } },
    });
    const { connector, context, sandbox } = account;
    const channel: Readonly<Record<string, string>> =
      kind === 'text_message' ? { hs_communication_channel_type: 'SMS' } : {};
    const fields = { hs_timestamp: '2026-11-24T10:00:00Z', ...channel };
    const owned = { ...fields, hubspot_owner_id: '70001' };
    const results = await connector.upsertActivities(
      [
        { key: 'acme/conv_1', kind, fields, person: undefined },
        { key: 'acme/conv_2', kind, fields: owned, person: undefined },
      ],
      context,
    );
    expect(results).toMatchObject([
      { failure: { disposition: 'fix_mapping', field: 'hubspot_owner_id' } },
      { kind: 'written' },
    ]);
    expect(sandbox.records(object)).toHaveLength(1);
  });

  it('the same account takes the same contact on 2026-03', async () => {
    account = await connectAccount({
      connector: { apiVersion: '2026-03' },
      sandbox: { requiredByAdmin: { contacts: ['city'] } },
    });
    const person = { key: byNumber('+15551234567').key, ref: undefined, fields: { firstname: 'Zoe' } };
    expect(await account.connector.upsertPeople([person], account.context)).toMatchObject([{ kind: 'written' }]);
  });

  it('a contact that is gone refuses its own link only, though the whole batch is a 400 that names it', async () => {
    account = await connectAccount({ connector: { apiVersion: '2026-09', maxConcurrency: 1 } });
    const { connector, context, sandbox } = account;
    const calls = sandbox.seedRecords(
      'calls',
      Array.from({ length: 3 }, () => ({ hs_timestamp: '2026-11-24T10:00:00Z' })),
    );
    const [ann = '', gone = ''] = sandbox.seedRecords('contacts', [{ firstname: 'Ann' }, { firstname: 'Bob' }]);
    sandbox.deleteAsPerson('contacts', gone);
    const body = {
      status: 'error',
      category: 'VALIDATION_ERROR',
      message: 'Invalid object ids',
      context: { INVALID_OBJECT_IDS: [`CONTACT=${gone} is not valid`] },
    };
    // The batch of three is refused, and its second half, which is the third link alone.
    for (const nth of [1, 2]) {
      sandbox.injectFault({ match: { path: '/associate/', nth }, fault: { kind: 'status', status: 400, body } });
    }
    const links = calls.map((id, index) => ({
      from: { object: 'calls', id },
      to: { object: 'contacts', id: index === 2 ? gone : ann },
    }));
    expect(await connector.link(links, context)).toMatchObject([
      { kind: 'linked' },
      { kind: 'linked' },
      { kind: 'refused', failure: { disposition: 'resolve', status: 400 } },
    ]);
  });
});
