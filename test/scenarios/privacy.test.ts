import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { DEFAULT_POLICIES } from '../support/policies.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';
import { SECRETS, Stack } from '../support/stack.ts';

/** Planted in every place where a conversation can hold something personal. */
const MARKERS = {
  number: '+15552220001',
  digits: '5552220001',
  name: 'Marker McPlanted',
  email: 'planted.marker@example.com',
  summary: 'PLANTED-SUMMARY',
  transcript: 'PLANTED-TRANSCRIPT',
};

describe('no personal data leaves through the side doors', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({
      policy: { retryBase: 20, retryCap: 100, outagePause: 20 },
      connection: { content: { ...DEFAULT_POLICIES.content, transcript: true } },
    });
    await liveThroughEverything(stack);
  });
  afterAll(() => stack.stop());

  it('the data did get to the CRM, so the markers were really on their way', () => {
    const everything = JSON.stringify([stack.hubspot.records('contacts'), stack.hubspot.records('calls')]);
    for (const marker of [MARKERS.number, 'McPlanted', MARKERS.email, MARKERS.summary, MARKERS.transcript]) {
      expect(everything).toContain(marker);
    }
  });

  it('logs hold none of it, and no secret', () => {
    expect(stack.logged.length).toBeGreaterThan(20);
    expectClean(stack.logged.join('\n'));
  });

  it('metrics hold none of it', async () => {
    expectClean(await stack.registry.metrics());
  });

  it('the Temporal history holds none of it', async () => {
    const { events } = await stack.temporal.workflow.getHandle(stack.workflowId).fetchHistory();
    expect(events?.length).toBeGreaterThan(10);
    // Payloads are bytes in the history; as text they would hide in base64.
    const text = JSON.stringify(events, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
    );
    expect(text).toContain('deliverDue');
    expectClean(text);
  });

  it('the database holds it only sealed', async () => {
    const dump = await dumpAsText(stack.databaseUrl);
    expect(dump).toContain('conv_private_0');
    expectClean(dump);
  });
});

/** Success, a refusal by the CRM, an outage, a refused signature, a broken body, a source that is away. */
async function liveThroughEverything(stack: Stack): Promise<void> {
  const ids = ['conv_private_0', 'conv_private_1', 'conv_private_2'];
  stack.personaDesk.addConversations(
    ids.map((id) => ({
      ...call(id, MARKERS.number, {
        summary: MARKERS.summary,
        caller: { name: MARKERS.name, email: MARKERS.email, phone: MARKERS.number },
      }),
      messages: [{ id: `m_${id}`, conversation_id: id, role: 'caller', content: MARKERS.transcript }],
    })),
  );
  const [first = '', second = '', third = ''] = ids;
  const [started, routed, handoff, ended] = eventsOf(first, MARKERS.number);
  for (const event of [started, routed, handoff, ended]) await stack.sender.send(event);
  await stack.untilRow(first, (row) => row.state === 'synced');

  // HubSpot's conflict answers quote the record they are about.
  const quoting = {
    status: 'error',
    category: 'VALIDATION_ERROR',
    message: `${MARKERS.name} ${MARKERS.number} is bad`,
  };
  stack.hubspot.injectFault({ match: { path: 'calls/batch' }, fault: { kind: 'status', status: 400, body: quoting } });
  await stack.sender.send(completed(second, MARKERS.number));
  await stack.untilRow(second, (row) => row.state === 'failed');

  stack.hubspot.injectFault({ match: { path: 'calls/batch' }, fault: { kind: 'status', status: 500, body: quoting } });
  stack.personaDesk.injectFault({ path: '/conversations/*', effect: { kind: 'reset' } });
  await stack.sender.send(completed(third, MARKERS.number), { forge: 'wrong_secret' });
  await stack.sender.send(completed(third, MARKERS.number), { forge: 'tampered_body' });
  await fetch(stack.intakeUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"broken": "${MARKERS.number} ${MARKERS.name}"`,
  });
  await stack.sender.send(completed(third, MARKERS.number));
  await stack.untilRow(third, (row) => row.state === 'synced');
}

function expectClean(text: string): void {
  for (const [what, marker] of Object.entries(MARKERS)) expect([what, text.includes(marker)]).toEqual([what, false]);
  for (const [what, secret] of Object.entries(SECRETS)) expect([what, text.includes(secret)]).toEqual([what, false]);
}

/** Every table as text; sealed values are bytes, which show as hexadecimal. */
async function dumpAsText(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
    );
    const rows: unknown[] = [];
    for (const { name } of tables.rows) rows.push((await client.query(`select t::text from ${name} t`)).rows);
    return JSON.stringify(rows);
  } finally {
    await client.end();
  }
}
