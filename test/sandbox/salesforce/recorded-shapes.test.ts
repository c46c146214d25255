import { describe, expect, it } from '@jest/globals';
import type { SalesforceSandbox } from '../../../sandbox/salesforce/index.ts';
import { defaultUsers } from '../../../sandbox/salesforce/org-defaults.ts';
import { readRecording, recordings } from '../../support/recordings.ts';
import { openSandbox, type OpenSandbox } from './open-sandbox.ts';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly status: number;
  readonly requestBody?: { readonly allOrNone: boolean; readonly records: readonly RecordedRow[] };
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody: unknown;
}

interface RecordedRow {
  readonly [field: string]: unknown;
  readonly id?: string;
  readonly attributes: { readonly type: 'Account' | 'Lead' };
}

async function exchanges(about: RegExp): Promise<readonly Exchange[]> {
  const all = (await readRecording('salesforce-exchanges.json')) as readonly Exchange[]; // the recording's own format, described beside it
  return all.filter(({ path }) => about.test(path));
}

/** The org the recordings were made in had some fields of its own. */
async function openLikeRecorded(): Promise<OpenSandbox> {
  const opened = await openSandbox();
  opened.sandbox.addField('Account', { name: 'email_field__c', label: 'email_field', type: 'email' });
  opened.sandbox.addField('Account', { name: 'Custom_External_ID__c', externalId: true, unique: true });
  return opened;
}

/** Makes the record a recorded row is about; a lead that was refused had been converted. */
function seedFor(sandbox: SalesforceSandbox, { attributes }: RecordedRow): string {
  const fields = attributes.type === 'Lead' ? { LastName: 'A', Company: 'B' } : { Name: 'A' };
  const [id = ''] = sandbox.seedRecords(attributes.type, [fields]);
  if (attributes.type === 'Lead') sandbox.convertLead(id);
  return id;
}

/** Answers with ids left out: they are the sandbox's own. */
const withoutIds = (body: unknown): unknown =>
  JSON.parse(JSON.stringify(body, (key, value: unknown) => (key === 'id' ? 'id' : value)));

const keysOf = (value: unknown): readonly string[] => Object.keys(value as object).toSorted();

describe('recorded exchanges', () => {
  it('a sandbox user has an id like a recorded one', () => {
    expect(defaultUsers[0]?.id).toMatch(/^0054S0000\w{6}[A-Z0-5]{3}$/);
  });

  if (recordings === undefined) return;

  it('every recorded collection gets the recorded answer', async () => {
    const found = await exchanges(/composite\/sobjects$/);
    expect(found.length).toBeGreaterThan(10);
    for (const { method, path, status, requestBody, responseBody, query } of found) {
      const { sandbox, call } = await openLikeRecorded();
      const records = requestBody?.records.map((row) =>
        row.id === undefined ? row : { ...row, id: seedFor(sandbox, row) },
      );
      const ids = (query?.ids ?? '').split(',').map(() => seedFor(sandbox, { attributes: { type: 'Account' } }));
      const reply =
        method === 'DELETE'
          ? await call(method, `${path}?ids=${ids.join(',')}`)
          : await call(method, path, { ...requestBody, records });
      expect([method, reply.status, withoutIds(reply.body)]).toEqual([method, status, withoutIds(responseBody)]);
    }
  }, 60_000);

  it('every answer states its type and the usage of the org as recorded', async () => {
    const { call } = await openLikeRecorded();
    const { headers } = await call('GET', '/services/data/v42.0/query?q=SELECT+Id+FROM+Account');
    const usage = /^api-usage=\d+\/\d+$/;
    expect(headers.get('sforce-limit-info')).toMatch(usage);
    for (const { responseHeaders } of await exchanges(/./)) {
      expect(responseHeaders['sforce-limit-info']).toMatch(usage);
      expect(headers.get('content-type')).toBe(responseHeaders['content-type']);
    }
  });

  it('a record that was made is answered as recorded, whatever it is', async () => {
    const { call } = await openLikeRecorded();
    const made = (await exchanges(/\/sobjects\/\w+$/)).filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    for (const { method, responseBody } of made) {
      const reply = await call(method, '/services/data/v42.0/sobjects/Account', { Name: 'A' });
      expect([reply.status, withoutIds(reply.body)]).toEqual([201, withoutIds(responseBody)]);
    }
  });

  it('every recorded read of a missing record and every empty query gets the recorded answer', async () => {
    const { call } = await openLikeRecorded();
    const found = (await exchanges(/.*/)).filter(
      ({ method, status, path }) => method === 'GET' && (status === 404 || path.endsWith('query')),
    );
    expect(found.length).toBeGreaterThan(5);
    for (const { path, query, status, responseBody } of found) {
      const reply = await call('GET', query === undefined ? path : `${path}?${new URLSearchParams(query).toString()}`);
      expect([reply.status, reply.body]).toEqual([status, responseBody]);
    }
  });

  it.each([
    ['Account', { Name: 'Smith' }],
    ['Contact', { LastName: 'Smith' }],
    ['Lead', { LastName: 'Smith', Company: 'SmithCorp' }],
  ] as const)('a read of %s shows the recorded standard fields in their order', async (type, fields) => {
    const { sandbox, call } = await openLikeRecorded();
    const [id = ''] = sandbox.seedRecords(type, [fields]);
    const [exchange] = (await exchanges(new RegExp(`/${type}/`))).filter(({ status }) => status === 200);
    const { body } = await call('GET', `/services/data/v42.0/sobjects/${type}/${id}`);
    const standard = (value: unknown) => Object.keys(value as object).filter((name) => !name.endsWith('__c'));
    expect(standard(body)).toEqual(standard(exchange?.responseBody));
  });

  it.each(['Account', 'Contact', 'Lead'] as const)('a describe of %s has the recorded keys and facts', async (type) => {
    const { call } = await openSandbox();
    const real = (await readRecording(`salesforce-describe-${type}.json`)) as Described; // a recorded describe
    const { body } = await call('GET', `/sobjects/${type}/describe`);
    const ours = body as unknown as Described; // as above
    expect(keysOf(ours)).toEqual(keysOf(real));
    for (const field of ours.fields.filter(({ name }) => !String(name).endsWith('__c'))) {
      const same = real.fields.find(({ name }) => name === field.name);
      expect(keysOf(field)).toEqual(keysOf(same));
      expect([field.name, facts(field)]).toEqual([field.name, facts(same)]);
    }
  });
});

interface Described {
  readonly fields: readonly Readonly<Record<string, unknown>>[];
}

/** What decides about reads and writes. */
function facts(field: Readonly<Record<string, unknown>> | undefined): unknown {
  const names = [
    'type',
    'length',
    'createable',
    'updateable',
    'nillable',
    'filterable',
    'sortable',
    'idLookup',
    'label',
  ];
  return [...names, 'restrictedPicklist', 'nameField', 'externalId', 'unique', 'defaultedOnCreate'].map((name) => [
    name,
    field?.[name],
  ]);
}
