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
    await connector.findOwners(["o'hara@example.com"], org.context);
    const statements = sent.flatMap(statementsOf);
    expect(new Set(statements.map((soql) => /FROM (\w+)/.exec(soql)?.[1]))).toEqual(
      new Set(['TaskStatus', 'Contact', 'Lead', 'Task', 'User']),
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
    for (const { path } of sent) expect(path.length).toBeLessThan(500);
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

function statementsOf({ path, body }: HttpRequest): readonly string[] {
  const urls = [path, ...[...(body ?? '').matchAll(/"url":"([^"]+)"/g)].flatMap((match) => match[1] ?? [])];
  return urls.flatMap((url) => new URL(url, 'https://example.com').searchParams.get('q') ?? []);
}
