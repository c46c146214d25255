import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DescribedField } from '../../../src/domain/crm.ts';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';

let account: ConnectedAccount;

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({ connector: { apiVersion } });
  });

  afterEach(() => account.stop());

  describe('describing a HubSpot account', () => {
    it('names the objects that are written, with one request each', async () => {
      const description = await account.connector.describe(account.context);
      if (description.kind !== 'described') throw new Error('It must be described.');
      expect(Object.keys(description.objects)).toEqual(['contacts', 'calls', 'communications', 'notes', 'tasks']);
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(Array.from({ length: 5 }, () => 'properties'));
    });

    it.each<[string, string, Partial<DescribedField>]>([
      [
        'contacts',
        'firstname',
        { label: 'First Name', type: 'string', writable: true, unique: false, maxLength: 65_536 },
      ],
      ['contacts', 'email', { unique: true }],
      ['contacts', 'personadesk_person_key', { unique: true, writable: true }],
      ['contacts', 'hs_object_id', { writable: false }],
      ['contacts', 'createdate', { writable: false, type: 'datetime', maxLength: undefined }],
      ['contacts', 'hubspot_owner_id', { writable: true, options: undefined }],
      ['calls', 'hs_timestamp', { required: true }],
      ['calls', 'hs_call_title', { required: false }],
      ['communications', 'hs_communication_channel_type', { required: true }],
      ['tasks', 'hs_task_priority', { options: ['LOW', 'MEDIUM', 'HIGH'].map((value) => ({ value, label: value })) }],
    ])('%s.%s is as a mapping has to know it', async (object, name, expected) => {
      expect(await field(object, name)).toMatchObject(expected);
    });

    it('a property that somebody has just made is there: nothing is remembered', async () => {
      await field('calls', 'hs_call_title');
      account.sandbox.removeProperty('calls', 'personadesk_conversation_key');
      expect(await field('calls', 'personadesk_conversation_key')).toBeUndefined();
    });

    it('an object that could not be read makes no description', async () => {
      account.sandbox.injectFault({ match: { path: '/properties/.*/notes' }, fault: { kind: 'html-502' } });
      expect(await account.connector.describe(account.context)).toMatchObject({
        kind: 'could_not_check',
        failure: { disposition: 'retry', status: 502 },
      });
    });
  });
});

async function field(object: string, name: string): Promise<DescribedField | undefined> {
  const description = await account.connector.describe(account.context);
  if (description.kind !== 'described') throw new Error('It must be described.');
  return description.objects[object]?.find((each) => each.name === name);
}
