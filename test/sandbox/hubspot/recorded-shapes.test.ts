import { describe, expect, it } from '@jest/globals';
import type { HubSpotSandbox } from '../../../sandbox/hubspot/index.ts';
import { readRecording, recordings } from '../../support/recordings.ts';
import { openSandbox, type OpenSandbox, type Reply } from './open-sandbox.ts';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly requestBody: RecordedBody;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: Readonly<Record<string, unknown>>;
}

interface RecordedBody {
  readonly inputs?: readonly { readonly id?: string; readonly properties?: Readonly<Record<string, string>> }[];
  readonly properties?: readonly string[];
  readonly filterGroups?: readonly { readonly filters: readonly { readonly value: string }[] }[];
}

/** Legacy headers, which HubSpot tells clients not to depend on. */
const legacy = new Set(['x-hubspot-ratelimit-secondly', 'x-hubspot-ratelimit-secondly-remaining']);

/** The account the recordings were made in had some properties of its own. */
const customProperties = { text_field: 'string', number_field: 'number', date_field: 'date' } as const;

async function standardObjectExchanges(): Promise<readonly Exchange[]> {
  const all = (await readRecording('hubspot-exchanges.json')) as readonly Exchange[]; // the recording's own format, described beside it
  return all.filter(({ path }) => /\/objects\/(CONTACT|COMPANY)\//.test(path));
}

async function openLikeRecorded(): Promise<OpenSandbox> {
  const opened = await openSandbox({ limits: { searchPerSecond: 5 } });
  for (const [name, type] of Object.entries(customProperties)) {
    const fieldType = { string: 'text', number: 'number', date: 'date' }[type];
    const groupName = { contacts: 'contactinformation', companies: 'companyinformation' };
    for (const [object, group] of Object.entries(groupName)) {
      await opened.call('POST', `/crm/v3/properties/${object}`, {
        name,
        label: name,
        type,
        fieldType,
        groupName: group,
      });
    }
  }
  return opened;
}

const typeOf = (path: string): 'contacts' | 'companies' => (path.includes('CONTACT') ? 'contacts' : 'companies');

/** Makes the records a recorded request is about, and names them by the sandbox's ids. */
function prepared(sandbox: HubSpotSandbox, exchange: Exchange): unknown {
  const type = typeOf(exchange.path);
  const { requestBody } = exchange;
  if (requestBody.filterGroups !== undefined) {
    const values = requestBody.filterGroups.flatMap((group) => group.filters.map((filter) => filter.value));
    const key = type === 'contacts' ? 'email' : 'domain';
    sandbox.seedRecords(
      type,
      values.map((value) => ({ [key]: value })),
    );
    return requestBody;
  }
  if (!/update|archive/.test(exchange.path)) return requestBody;
  const inputs = (requestBody.inputs ?? []).map((input) => {
    const [id = ''] = sandbox.seedRecords(type, [{ city: 'Rome' }]);
    return { ...input, id };
  });
  return { inputs };
}

/** Key names at every level; the names of properties and what arrays hold are looked at apart. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shape(value[0])];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== 'properties')
      .map(([key, each]) => [key, shape(each)] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

/** Names of the properties each row shows, by the row's e-mail or domain: rows come in no order. */
function shownProperties(body: unknown): ReadonlyMap<string, readonly string[]> {
  const rows = (body as { results?: readonly { properties: Readonly<Record<string, string | null>> }[] }).results ?? [];
  return new Map(
    rows.map(({ properties }) => [properties.email ?? properties.domain ?? '', Object.keys(properties).sort()]),
  );
}

function shownDomains(body: unknown): Iterable<string> {
  return shownProperties(body).keys();
}

function expectSameProperties(reply: Reply, exchange: Exchange): void {
  const [shown, recorded] = [shownProperties(reply.body), shownProperties(exchange.responseBody)];
  for (const [key, names] of recorded) expect([key, shown.get(key)]).toEqual([key, names]);
}

function expectRateHeaders(reply: Reply, exchange: Exchange): void {
  const recorded = Object.keys(exchange.responseHeaders).filter((name) => name.startsWith('x-hubspot'));
  const expected = exchange.path.endsWith('/search') ? [] : recorded.filter((name) => !legacy.has(name));
  for (const name of expected) expect([name, reply.headers.has(name)]).toEqual([name, true]);
}

async function answers(exchange: Exchange): Promise<Reply> {
  const { sandbox, call } = await openLikeRecorded();
  sandbox.setOptions({ limits: { perTenSeconds: 100, perDay: 250_000 } });
  return call(exchange.method, exchange.path, prepared(sandbox, exchange));
}

describe('recorded exchanges', () => {
  it('a recorded path names the object in capitals and singular, and the sandbox takes it', async () => {
    const { call } = await openSandbox();
    const { status } = await call('POST', '/crm/v3/objects/COMPANY/search', { filterGroups: [], limit: 100 });
    expect(status).toBe(200);
  });

  if (recordings === undefined) return;

  it('every recorded search, create, update and archive is accepted and answered in the same shape', async () => {
    const exchanges = (await standardObjectExchanges()).filter(({ status }) => status < 300);
    expect(exchanges.length).toBeGreaterThan(30);
    for (const exchange of exchanges) {
      const reply = await answers(exchange);
      expect([exchange.path, reply.status]).toEqual([exchange.path, exchange.status]);
      expectRateHeaders(reply, exchange);
      expect(reply.headers.get('content-type') ?? undefined).toBe(exchange.responseHeaders['content-type']);
      if (exchange.responseBody === undefined) expect(reply.body).toBeNull();
      else if ((exchange.responseBody.results as readonly unknown[]).length > 0) {
        expect(shape(reply.body)).toEqual(shape(exchange.responseBody));
        expectSameProperties(reply, exchange);
      }
    }
  }, 60_000);

  it('every recorded search 429 has the text and the keys of the sandbox', async () => {
    const refused = (await standardObjectExchanges()).filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    const { sandbox, call } = await openSandbox({ limits: { searchPerSecond: 0 } });
    sandbox.setOptions({ limits: { perTenSeconds: null } });
    for (const exchange of refused) {
      const reply = await call(exchange.method, exchange.path, exchange.requestBody);
      expect(reply.status).toBe(429);
      expect(reply.body).toEqual({ ...exchange.responseBody, correlationId: reply.body.correlationId });
      expect(Object.keys(exchange.responseHeaders)).not.toContain('retry-after');
      expect(reply.headers.has('retry-after')).toBe(false);
    }
  });

  it('a batch of fifty is answered in another order than it was sent in, as recorded', async () => {
    const exchange = (await standardObjectExchanges()).find(({ requestBody }) => requestBody.inputs?.length === 50);
    if (exchange === undefined) throw new Error('there is a recorded batch of fifty');
    const reply = await answers(exchange);
    const sent = (exchange.requestBody.inputs ?? []).map(({ properties }) => properties?.domain);
    for (const body of [exchange.responseBody, reply.body]) {
      const answered = [...shownDomains(body)];
      expect(answered).not.toEqual(sent);
      expect(answered.toSorted()).toEqual(sent.toSorted());
    }
  });
});
