import { afterEach, describe, expect, it } from '@jest/globals';
import { FRESH_FOR_MS } from '../../../connectors/schema/remembered.ts';
import { phoneKey } from '../../../src/domain/caller.ts';
import type { ActivityKind, ActivityWrite, FieldValues, WriteResult } from '../../../src/domain/crm.ts';
import {
  API_VERSIONS,
  caller,
  connectAccount,
  type AccountOptions,
  type ConnectedAccount,
} from './connected-account.ts';

const START = Date.UTC(2026, 10, 24, 12);
const MINUTE_MS = 60_000;

let account: ConnectedAccount | undefined;
let clock = START;

afterEach(async () => {
  clock = START;
  await account?.stop();
});

/** HubSpot's own outcomes (calls guide). */
const CONNECTED = 'f240bbac-87c9-4f6e-bf70-924b57d47db7';
const AS_CONNECTED = { hs_call_disposition: CONNECTED };
const NO_ANSWER = '73a0d17f-1163-4015-bdd5-ec830791da20';

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  async function connected(options: AccountOptions = {}): Promise<ConnectedAccount> {
    account = await connectAccount({ ...options, connector: { apiVersion, now: () => clock } });
    return account;
  }

  describe("values are fitted to the account's options", () => {
    it.each([
      ['an option', CONNECTED, CONNECTED],
      ['a label', 'No answer', NO_ANSWER],
      ['a label in other letters', ' no ANSWER', NO_ANSWER],
    ])('%s is written as the option that it names, without a further request', async (_, given, stored) => {
      const { requests, ...rest } = await connected();
      expect(await write(rest, { hs_call_disposition: given })).toEqual(
        written({ ...(given === stored ? {} : { stored: { hs_call_disposition: stored } }) }),
      );
      expect(calls(rest)).toMatchObject([{ hs_call_disposition: stored }]);
      expect(requests.map(({ endpoint }) => endpoint)).toEqual(['batch-upsert']);
    });

    it('what is neither is left out and told, and the record is written', async () => {
      const opened = await connected();
      const fields = { hs_call_disposition: 'Wants a quote', hs_call_title: 'Call', hs_call_direction: 'INBOUND' };
      expect(await write(opened, fields)).toEqual(
        written({
          stored: { hs_call_disposition: '' },
          warnings: ["hs_call_disposition: 'Wants a quote' is no option of this account"],
        }),
      );
      const [call] = calls(opened);
      expect(call).toMatchObject({ hs_call_title: 'Call', hs_call_direction: 'INBOUND' });
      expect(call).not.toHaveProperty('hs_call_disposition');
    });

    it("an account's own outcomes and call types are taken by their labels", async () => {
      const opened = await connected({ provisioned: false });
      opened.sandbox.setPropertyOptions('calls', 'hs_call_disposition', [{ value: 'guid-1', label: 'Wants a quote' }]);
      opened.sandbox.setPropertyOptions('calls', 'hs_activity_type', [{ value: 'consult', label: 'Consultation' }]);
      await opened.connector.provision(opened.context);
      const fields = { hs_call_disposition: 'wants a quote', hs_activity_type: 'consultation' };
      const stored = { hs_call_disposition: 'guid-1', hs_activity_type: 'consult' };
      expect(await write(opened, fields)).toEqual(written({ stored }));
      expect(calls(opened)).toMatchObject([stored]);
    });

    it('of several values each is fitted, and one that is none leaves the field out', async () => {
      const opened = await connected({ provisioned: false });
      await makeTopics(opened);
      await opened.connector.provision(opened.context);
      expect(await write(opened, { topics: 'Billing;support' })).toEqual(
        written({ stored: { topics: 'billing;support' } }),
      );
      expect(calls(opened)).toMatchObject([{ topics: 'billing;support' }]);
      expect(await write(opened, { topics: 'Billing;Weather' }, 'call', 'acme/conv_2')).toEqual(
        written({ stored: { topics: '' }, warnings: ["topics: 'Billing;Weather' is no option of this account"] }),
      );
    });

    it('an owner, a number, a text and an emptied list are written as they are', async () => {
      const opened = await connected();
      const fields = { hubspot_owner_id: '70001', hs_call_duration: '12', hs_call_title: 'connected' };
      expect(await write(opened, { ...fields, hs_call_disposition: CONNECTED })).toEqual(written());
      expect(await write(opened, { ...fields, hs_call_disposition: '' })).toMatchObject([{ kind: 'written' }]);
      expect(calls(opened)).toMatchObject([{ ...fields, hs_call_disposition: '' }]);
    });

    it('what a record cannot do without is for the mapping, and its neighbours are written', async () => {
      const opened = await connected();
      const message = (key: string, channel: string) =>
        activity(key, 'text_message', { hs_communication_channel_type: channel });
      const results = await opened.connector.upsertActivities(
        [message('acme/conv_1', 'Fax'), message('acme/conv_2', 'sms'), activity('acme/conv_3', 'chat', {})],
        opened.context,
      );
      expect(results).toMatchObject([
        {
          kind: 'refused',
          failure: {
            disposition: 'fix_mapping',
            code: 'hubspot.INVALID_OPTION',
            field: 'hs_communication_channel_type',
          },
        },
        { kind: 'written' },
        { kind: 'written' },
      ]);
      expect(opened.sandbox.records('communications')).toMatchObject([
        { properties: { hs_communication_channel_type: 'SMS' } },
      ]);
    });

    it('people and tasks are fitted too', async () => {
      const opened = await connected();
      const { connector, context, sandbox } = opened;
      const person = { key: phoneKey(caller(0)), ref: undefined, fields: { firstname: 'Ann', lifecyclestage: 'Lead' } };
      expect(await connector.upsertPeople([person], context)).toEqual(written({ stored: { lifecyclestage: 'lead' } }));
      const task = { key: 'acme/conv_1/handoff', fields: { ...AT, hs_task_priority: 'urgent' }, person: undefined };
      expect(await connector.upsertTasks([task], context)).toEqual(
        written({
          stored: { hs_task_priority: '' },
          warnings: ["hs_task_priority: 'urgent' is no option of this account"],
        }),
      );
      expect(sandbox.records('contacts')).toMatchObject([{ properties: { lifecyclestage: 'lead' } }]);
    });

    it('fits records too that are written without a key', async () => {
      const opened = await connected({ sandbox: { uniquePropertiesOnActivities: false } });
      expect(await write(opened, { hs_call_disposition: 'Connected' })).toEqual(written({ stored: AS_CONNECTED }));
      expect(calls(opened)).toMatchObject([AS_CONNECTED]);
    });
  });

  describe('the options are read again', () => {
    it('once an hour, and not by every batch', async () => {
      const opened = await connected();
      const options = [{ value: 'guid-1', label: 'Connected' }];
      opened.sandbox.setPropertyOptions('calls', 'hs_call_disposition', [...options, ...USUAL]);
      clock += FRESH_FOR_MS - 1;
      await write(opened, { hs_call_disposition: 'Connected' }, 'call', 'acme/conv_1');
      clock += 1;
      await write(opened, { hs_call_disposition: 'Connected' }, 'call', 'acme/conv_2');
      await write(opened, { hs_call_disposition: 'Connected' }, 'call', 'acme/conv_3');
      expect(calls(opened).map((call) => call.hs_call_disposition)).toEqual([CONNECTED, 'guid-1', 'guid-1']);
      expect(opened.requests.map(({ endpoint }) => endpoint)).toEqual([
        'batch-upsert',
        'properties',
        'batch-upsert',
        'batch-upsert',
      ]);
    });

    it('when HubSpot refuses one, and what has changed is sent once more', async () => {
      const opened = await connected();
      opened.sandbox.setPropertyOptions('calls', 'hs_call_disposition', [{ value: 'guid-1', label: 'Connected' }]);
      clock += MINUTE_MS;
      const stored = { hs_call_disposition: 'guid-1' };
      expect(await write(opened, { hs_call_disposition: 'Connected' })).toEqual(written({ stored }));
      expect(calls(opened)).toMatchObject([stored]);
      expect(opened.requests.map(({ endpoint }) => endpoint)).toEqual(['batch-upsert', 'properties', 'batch-upsert']);
    });

    it('an option that is gone is left out from then on', async () => {
      const opened = await connected();
      opened.sandbox.setPropertyOptions('calls', 'hs_call_disposition', [{ value: 'guid-1', label: 'Other' }]);
      clock += MINUTE_MS;
      const warning = "hs_call_disposition: 'Connected' is no option of this account";
      expect(await write(opened, { hs_call_disposition: 'Connected' })).toEqual(
        written({ stored: { hs_call_disposition: '' }, warnings: [warning] }),
      );
    });

    it('at most once a minute, and nothing is sent again that would be the same', async () => {
      const opened = await connected();
      // HubSpot refuses what its own definitions allow: reading them again changes nothing.
      const error = { message: 'no', code: 'INVALID_OPTION', context: { propertyName: ['hs_call_status'] } };
      const body = { status: 'error', category: 'VALIDATION_ERROR', message: 'no', errors: [error] };
      opened.sandbox.injectFault({
        match: { path: '/batch/upsert' },
        times: 9,
        fault: { kind: 'status', status: 400, body },
      });
      const refused = [{ kind: 'refused', failure: { disposition: 'fix_mapping', field: 'hs_call_status' } }];
      const endpointsOf = async () => {
        opened.requests.length = 0;
        expect(await write(opened, { hs_call_status: 'COMPLETED' })).toMatchObject(refused);
        return opened.requests.map(({ endpoint }) => endpoint).filter((endpoint) => endpoint !== 'read');
      };
      expect(await endpointsOf()).toEqual(['batch-upsert']);
      clock += MINUTE_MS;
      expect(await endpointsOf()).toEqual(['batch-upsert', 'properties']);
      clock += MINUTE_MS - 1;
      expect(await endpointsOf()).toEqual(['batch-upsert']);
    });
  });

  describe('options that cannot be read', () => {
    it('an account that was not looked at is asked nothing, and takes the usual outcomes by their labels', async () => {
      const opened = await connected();
      const fresh = { ...opened, connector: opened.connect() };
      expect(await write(fresh, { hs_call_disposition: 'Connected', hs_call_title: 'Connected' })).toEqual(
        written({ stored: AS_CONNECTED }),
      );
      expect(calls(opened)).toMatchObject([{ hs_call_disposition: CONNECTED, hs_call_title: 'Connected' }]);
      expect(opened.requests.map(({ endpoint }) => endpoint)).toEqual(['batch-upsert']);
    });

    it.each([
      ['the app may not read them', 403, { category: 'MISSING_SCOPES', message: 'no' }],
      ['the token was refused for them', 401, { category: 'EXPIRED_AUTHENTICATION', message: 'no' }],
      ['HubSpot fails at them', 500, undefined],
    ])('stop nothing: %s', async (_, status, body) => {
      const opened = await connected();
      clock += FRESH_FOR_MS;
      opened.sandbox.injectFault({
        match: { method: 'GET', path: '/crm/properties' },
        times: 9,
        fault: { kind: 'status', status, ...(body === undefined ? {} : { body }) },
      });
      // Values go as they are, and the usual outcomes by the values HubSpot documents.
      const fields = { hs_call_status: 'COMPLETED', hs_call_disposition: 'Connected' };
      expect(await write(opened, fields)).toEqual(written({ stored: AS_CONNECTED }));
      expect(calls(opened)).toMatchObject([{ hs_call_status: 'COMPLETED', hs_call_disposition: CONNECTED }]);
      expect(await write(opened, { hs_call_status: 'completed' }, 'call', 'acme/conv_2')).toMatchObject([
        { kind: 'refused', failure: { code: 'hubspot.INVALID_OPTION' } },
      ]);
      // The failed reading is remembered for a minute.
      expect(opened.requests.filter(({ endpoint }) => endpoint === 'properties')).toHaveLength(1);
    });
  });
});

const AT = { hs_timestamp: '2026-11-24T10:00:00Z' };

const USUAL = [{ value: CONNECTED, label: 'Was connected' }];

type Opened = Pick<ConnectedAccount, 'connector' | 'context' | 'sandbox'>;

function activity(key: string, kind: ActivityKind, fields: FieldValues): ActivityWrite {
  return { key, kind, fields: { ...AT, ...fields }, person: undefined };
}

function write(
  { connector, context }: Opened,
  fields: FieldValues,
  kind: ActivityKind = 'call',
  key = 'acme/conv_1',
): Promise<readonly WriteResult[]> {
  return connector.upsertActivities([activity(key, kind, fields)], context);
}

/** One record that was written; what there is nothing to say of is not in the result. */
function written(
  more: Pick<Extract<WriteResult, { kind: 'written' }>, 'stored' | 'warnings'> = {},
): readonly unknown[] {
  return [
    {
      kind: 'written',
      ref: { object: expect.any(String), id: expect.any(String) },
      created: true,
      ...more,
    },
  ];
}

function calls({ sandbox }: Pick<ConnectedAccount, 'sandbox'>): readonly FieldValues[] {
  return sandbox.records('calls').map(({ properties }) => properties);
}

/** A property of the account's own that takes several values. */
async function makeTopics({ sandbox }: ConnectedAccount): Promise<void> {
  const definition = {
    name: 'topics',
    label: 'Topics',
    groupName: 'call',
    type: 'enumeration',
    fieldType: 'checkbox',
    options: ['billing', 'support'].map((value) => ({ value, label: value.toUpperCase() })),
  };
  const answer = await fetch(`${sandbox.url}/crm/properties/2026-03/calls`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-hubspot-token', 'content-type': 'application/json' },
    body: JSON.stringify(definition),
  });
  if (answer.status !== 201) throw new Error(`The property was answered with ${answer.status}.`);
}
