import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isQueryValid } from '@jetstreamapp/soql-parser-js';
import type { Connector } from '../../../connectors/connector.ts';
import type { HttpRequest, HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { byEmail, caller, connectOrg, recordSent, type ConnectedOrg } from './connected-org.ts';

let org: ConnectedOrg;
let transport: HttpTransport;
let sent: HttpRequest[];
let connector: Connector;

beforeEach(async () => {
  // Without our key field tasks are looked for by a statement too.
  org = await connectOrg({ sandbox: { taskExternalIdField: null } });
  ({ transport, sent } = recordSent());
  connector = org.connect({ transport });
});
afterEach(async () => {
  await transport.close();
  await org.stop();
});

describe('every statement that is sent', () => {
  it('is SOQL by the reading of an independent parser, and no longer than Salesforce takes', async () => {
    const queries = [...Array.from({ length: 100 }, (_, index) => caller(index)), byEmail("o'hara@example.com")];
    await connector.lookUpPeople(queries, ['Title'], org.context);
    await connector.readPeople([{ object: 'Contact', id: '003000000000001AAA' }], ['Title'], org.context);
    await connector.upsertTasks(
      [{ key: "ten_a:o'b\\:handoff", fields: { Subject: 'S' }, person: undefined }],
      org.context,
    );
    await connector.findOwners(
      [
        { by: 'email', value: "o'hara@example.com" },
        { by: 'queue', value: "O'Hara's" },
      ],
      org.context,
    );
    await connector.findRelated(
      [{ person: { object: 'Contact', id: '0035g00000AbCdEAAV' }, kinds: ['account', 'opportunity', 'case'] }],
      org.context,
    );
    const statements = sent.flatMap(statementsOf);
    expect(new Set(statements.map((soql) => /FROM (\w+)/.exec(soql)?.[1]))).toEqual(
      new Set([
        'TaskStatus',
        'Contact',
        'Lead',
        'Task',
        'User',
        'Group',
        'QueueSobject',
        'OpportunityContactRole',
        'Opportunity',
        'Case',
      ]),
    );
    for (const soql of statements) {
      expect(isQueryValid(soql)).toBe(true);
      expect(soql.length).toBeLessThan(100_000);
    }
  });

  it('stands in the body when it may be long: addresses stay far below 16,384 bytes', async () => {
    await connector.lookUpPeople(
      Array.from({ length: 100 }, (_, index) => caller(index)),
      [],
      org.context,
    );
    // A search has no body; its terms are bounded.
    for (const { endpoint, path } of sent) expect(path.length).toBeLessThan(endpoint === 'search' ? 12_000 : 500);
    expect(sent.filter(({ endpoint }) => endpoint === 'search')).toHaveLength(1);
  });

  it('unusual forms of a few numbers are asked for in the same call', async () => {
    const queries = Array.from({ length: 10 }, (_, index) => caller(index));
    await connector.lookUpPeople(queries, ['Title'], org.context);
    const composites = sent.filter(({ endpoint }) => endpoint === 'composite-query');
    expect(composites).toHaveLength(1);
    const statements = composites.flatMap(statementsOf);
    expect(statements.filter((soql) => soql.includes(' LIKE '))).toHaveLength(2);
    for (const soql of statements) {
      expect(isQueryValid(soql)).toBe(true);
      expect(soql.length).toBeLessThan(100_000);
    }
  });

  it('five at most share a call', async () => {
    await connector.lookUpPeople(
      Array.from({ length: 400 }, (_, index) => caller(index)),
      [],
      org.context,
    );
    const composites = sent.filter(({ endpoint }) => endpoint === 'composite-query');
    expect(composites.length).toBeGreaterThan(1);
    for (const request of composites) expect(statementsOf(request).length).toBeLessThanOrEqual(5);
  });
});

/** SOSL is no SOQL; its own test is `sosl.test.ts`. */
function statementsOf({ endpoint, path, body }: HttpRequest): readonly string[] {
  if (endpoint === 'search') return [];
  const urls = [path, ...[...(body ?? '').matchAll(/"url":"([^"]+)"/g)].flatMap((match) => match[1] ?? [])];
  return urls.flatMap((url) => new URL(url, 'https://example.com').searchParams.get('q') ?? []);
}
