import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  API_VERSIONS,
  byEmail,
  byNumber,
  caller,
  connectAccount,
  found,
  type ConnectedAccount,
} from './connected-account.ts';

let account: ConnectedAccount;

const lookUp = (queries: readonly ReturnType<typeof byNumber>[], fields: readonly string[] = []) =>
  account.connector.lookUpPeople(queries, fields, account.context);

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    account = await connectAccount({ connector: { apiVersion } });
  });

  afterEach(() => account.stop());

  describe('looking up people in HubSpot', () => {
    it('a caller nobody knows was checked and has no candidates', async () => {
      account.sandbox.seedRecords('contacts', [{ firstname: 'Other', phone: '+15559999999' }]);
      expect(await lookUp([byNumber('+15551234567')])).toEqual([{ kind: 'checked', candidates: [] }]);
    });

    it.each([
      ['(555) 123-4567', '+15551234567', 'phone'],
      ['555.123.4567', '+15551234567', 'phone'],
      ['+1 555 123 4567', '+15551234567', 'phone'],
      ['15551234567', '+15551234567', 'mobilephone'],
      ['+44 20 7946 0018', '+442079460018', 'phone'],
      ['0044 20 7946 0018', '+442079460018', 'mobilephone'],
    ])('the number stored as %p is found for %s in %s', async (stored, called, field) => {
      const [id] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', [field]: stored }]);
      expect(await lookUp([byNumber(called)])).toMatchObject([
        { kind: 'checked', candidates: [{ ref: { object: 'contacts', id }, matchedBy: field, holdsKey: false }] },
      ]);
    });

    it('a number without a country code belongs to the country of the tenant', async () => {
      const connector = account.connect({ defaultCountry: 'GB' });
      const [id] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: '020 7946 0018' }]);
      const searches = await connector.lookUpPeople([byNumber('+442079460018')], [], account.context);
      expect(searches.map(found)).toEqual([[id]]);
    });

    it("a number that only HubSpot's own reading gives a country counts, under the field a person sees", async () => {
      const connector = account.connect({ defaultCountry: 'DE' });
      const [id] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', mobilephone: '(555) 123-4567' }]);
      expect(await connector.lookUpPeople([byNumber('+15551234567')], [], account.context)).toMatchObject([
        { kind: 'checked', candidates: [{ ref: { id }, matchedBy: 'mobilephone' }] },
      ]);
    });

    it.each(['(555) 123-4567', '+15551234567', '5551234567', '+1 555 123 4567'])(
      'the number %p in a custom field is found when the field is configured, and only then',
      async (stored) => {
        await createTextProperty('whatsapp_number');
        const [id] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', whatsapp_number: stored }]);
        const configured = account.connect({ phoneFields: ['whatsapp_number'] });
        const searches = await configured.lookUpPeople([byNumber('+15551234567')], [], account.context);
        expect(searches).toMatchObject([
          { kind: 'checked', candidates: [{ ref: { id }, matchedBy: 'whatsapp_number' }] },
        ]);
        expect((await lookUp([byNumber('+15551234567')])).map(found)).toEqual([[]]);
      },
    );

    it('two countries with the same national number are two people', async () => {
      const [british, american] = account.sandbox.seedRecords('contacts', [
        { firstname: 'Brit', phone: '+44 2079460018' },
        { firstname: 'Yank', phone: '+1 207 946 0018' },
      ]);
      const searches = await lookUp([byNumber('+442079460018'), byNumber('+12079460018'), byNumber('+492079460018')]);
      expect(searches.map(found)).toEqual([[british], [american], []]);
    });

    it('everybody with the number is a candidate: choosing is not done here', async () => {
      const ids = account.sandbox.seedRecords('contacts', [
        { firstname: 'Ann', phone: '+15551234567' },
        { firstname: 'Bob', mobilephone: '(555) 123-4567' },
      ]);
      const [search] = await lookUp([byNumber('+15551234567')]);
      expect(found(search)).toEqual(expect.arrayContaining([...ids]));
      expect(found(search)).toHaveLength(2);
    });

    it('an address is found whatever its case, without a search', async () => {
      const [id] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', email: 'zoe@example.com' }]);
      const searches = await lookUp([byEmail('Zoe@Example.com'), byEmail('nobody@example.com')]);
      expect(searches.map(found)).toEqual([[id], []]);
      expect(account.sandbox.requestCounts().search).toBe(0);
    });

    it('number and address of one caller that belong to two people make two candidates', async () => {
      const ids = account.sandbox.seedRecords('contacts', [
        { firstname: 'Ann', phone: '+15551234567' },
        { firstname: 'Zoe', email: 'zoe@example.com' },
      ]);
      const [search] = await lookUp([byNumber('+15551234567', 'zoe@example.com')]);
      expect(found(search)).toEqual(ids);
    });

    it('the fields asked for come along; an empty one is absent', async () => {
      account.sandbox.seedRecords('contacts', [
        { firstname: 'Zoe', lastname: '', phone: '+15551234567', jobtitle: 'CTO' },
      ]);
      const searches = await lookUp([byNumber('+15551234567')], ['firstname', 'lastname', 'jobtitle', 'city']);
      expect(searches).toMatchObject([{ candidates: [{ fields: { firstname: 'Zoe', jobtitle: 'CTO' } }] }]);
      expect(JSON.stringify(searches)).toContain('"modifiedAt":"20');
      expect(searches[0]?.kind === 'checked' && Object.keys(searches[0].candidates[0]?.fields ?? {})).toEqual([
        'firstname',
        'jobtitle',
      ]);
    });

    it('more fields than a search may name are read all the same', async () => {
      account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: '+15551234567', jobtitle: 'CTO' }]);
      const many = Array.from({ length: 100 }, (_, index) => `a_property_with_a_long_name_${index}`);
      const searches = await lookUp([byNumber('+15551234567'), byNumber('+15550000001')], [...many, 'jobtitle']);
      expect(searches).toMatchObject([
        { kind: 'checked', candidates: [{ fields: { jobtitle: 'CTO' } }] },
        { kind: 'checked', candidates: [] },
      ]);
    });

    it('a person we created a moment ago is in no search yet, and is met when they are to be created again', async () => {
      account.sandbox.setOptions({ searchLagMs: 3_600_000 });
      const query = byNumber('+15551234567');
      const write = { key: query.key, ref: undefined, fields: { firstname: 'Zoe', phone: '+15551234567' } };
      const [written] = await account.connector.upsertPeople([write], account.context);
      expect((await lookUp([query])).map(found)).toEqual([[]]);
      expect(await account.connector.upsertPeople([write], account.context)).toMatchObject([
        { ...written, created: false },
      ]);
    });

    it('a person who holds our key is met though somebody changed the number, and stays as they are', async () => {
      const { key } = byNumber('+15551234567');
      const write = { key, ref: undefined, fields: { firstname: 'Zoe', phone: '+15551234567' } };
      const [written] = await account.connector.upsertPeople([write], account.context);
      const id = written?.kind === 'written' ? written.ref.id : '';
      account.sandbox.editAsPerson('contacts', id, { phone: '+15557654321' });
      expect(await account.connector.upsertPeople([write], account.context)).toMatchObject([
        { ...written, created: false },
      ]);
      expect(account.sandbox.records('contacts')).toMatchObject([{ id, properties: { phone: '+15557654321' } }]);
    });

    it('callers cost one call, whether they are known or not', async () => {
      account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: caller(0) }]);
      await lookUp([0, 1, 2, 3].map((index) => byNumber(caller(index))));
      expect(account.requests.map(({ endpoint }) => endpoint)).toEqual(['search']);
    });

    it('a hundred callers take one search', async () => {
      const ids = account.sandbox.seedRecords(
        'contacts',
        Array.from({ length: 100 }, (_, index) => ({ firstname: `Caller ${index}`, phone: caller(index) })),
      );
      const searches = await lookUp(ids.map((_, index) => byNumber(caller(index))));
      expect(searches.map(found)).toEqual(ids.map((id) => [id]));
      expect(account.sandbox.requestCounts().search).toBe(1);
    });

    it('hits beyond the first page count', async () => {
      // 200 to a page (HubSpot's search guide): the last of these is on the second one.
      const strangers = Array.from({ length: 220 }, (_, index) => ({
        firstname: `S ${index}`,
        phone: '+49 5551234567',
      }));
      account.sandbox.seedRecords('contacts', strangers);
      const [id] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: '+1 555 123 4567' }]);
      expect((await lookUp([byNumber('+15551234567')])).map(found)).toEqual([[id]]);
    });

    it('a number with more hits than can be read is not taken for unknown, and its neighbours are answered', async () => {
      const strangers = Array.from({ length: 1_100 }, (_, index) => ({
        firstname: `S ${index}`,
        phone: '+49 5551234567',
      }));
      account.sandbox.seedRecords('contacts', strangers);
      const [id] = account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: caller(7) }]);
      const searches = await lookUp([byNumber('+15551234567'), byNumber(caller(7)), byNumber(caller(8))]);
      expect(searches.map(found)).toEqual(['hubspot.TOO_MANY_MATCHES', [id], []]);
    });
  });

  describe('a look-up that could not be made', () => {
    it('is never "none" when searches are throttled', async () => {
      account.sandbox.setOptions({ limits: { searchPerSecond: 0 } });
      expect(await lookUp([byNumber('+15551234567')])).toMatchObject([
        {
          kind: 'could_not_check',
          failure: { disposition: 'throttle', code: 'hubspot.RATE_LIMITS', retryAfterMs: 1_000 },
        },
      ]);
    });

    it('is charged to the numbers of that search only', async () => {
      const ids = account.sandbox.seedRecords(
        'contacts',
        Array.from({ length: 150 }, (_, index) => ({ firstname: `Caller ${index}`, phone: caller(index) })),
      );
      account.sandbox.injectFault({
        match: { path: '/search', nth: 2 },
        fault: { kind: 'status', status: 500, body: {} },
      });
      const searches = await lookUp(ids.map((_, index) => byNumber(caller(index))));
      const failed = searches.filter(({ kind }) => kind === 'could_not_check').length;
      expect(failed).toBeGreaterThan(0);
      expect(failed).toBeLessThan(100);
      searches.forEach((search, index) => {
        expect(found(search)).toEqual(search.kind === 'checked' ? [ids[index]] : 'hubspot.HTTP_500');
      });
    });

    it('is one when the read by address fails, though the search found somebody', async () => {
      account.sandbox.seedRecords('contacts', [{ firstname: 'Zoe', phone: '+15551234567' }]);
      account.sandbox.injectFault({ match: { path: '/batch/read' }, fault: { kind: 'html-502' } });
      const searches = await lookUp([byNumber('+15551234567', 'zoe@example.com'), byNumber(caller(0))]);
      expect(searches.map(found)).toEqual(['hubspot.HTTP_502', []]);
    });

    it('names the configured field that the account does not have', async () => {
      const connector = account.connect({ phoneFields: ['whatsapp_number'] });
      expect(await connector.lookUpPeople([byNumber('+15551234567')], [], account.context)).toMatchObject([
        { kind: 'could_not_check', failure: { disposition: 'fix_mapping', field: 'whatsapp_number' } },
      ]);
    });
  });
});

async function createTextProperty(name: string): Promise<void> {
  const response = await fetch(`${account.sandbox.url}/crm/properties/2026-03/contacts`, {
    method: 'POST',
    headers: { authorization: 'Bearer sandbox-hubspot-token', 'content-type': 'application/json' },
    body: JSON.stringify({ name, label: name, groupName: 'contactinformation', type: 'string', fieldType: 'text' }),
  });
  expect(response.status).toBe(201);
}
