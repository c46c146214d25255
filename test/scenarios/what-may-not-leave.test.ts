import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startHubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import type { SandboxConversation } from '../../sandbox/personadesk/index.ts';
import { startSalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { configurationSchema } from '../../src/domain/configuration.ts';
import { defaultDocument } from '../../src/mapping/defaults/default-document.ts';
import type { MappingDocumentInput } from '../../src/mapping/document/schema.ts';
import { SOURCE_FIELDS } from '../../src/mapping/source/catalogue.ts';
import { validateMapping } from '../../src/mapping/validate/validate-mapping.ts';
import { DirectDelivery } from '../support/direct-delivery.ts';
import { startRecordedFront, type RecordedFront } from '../support/recorded-front.ts';
import { call, eventsOf } from '../support/scenario-data.ts';

type Crm = 'hubspot' | 'salesforce';
type Row = MappingDocumentInput['person'][number];

const connections = configurationSchema.shape.tenants.element.shape.connections.unwrap();

/** Every word of what must stay carries its mark, so that no part of it can go unseen. */
const MARKS = { summary: 'S9UM', transcript: 'T9RA', recording: 'R9EC', raw: 'N9OT' } as const;
const ANY_MARK = /S9UM|T9RA|R9EC|N9OT/i;

const NOTHING = { recording: 'none', summary: false, transcript: false } as const;
const EVERYTHING = { recording: 'link', summary: true, transcript: true } as const;

/** Texts of up to so many characters, by CRM. */
const TEXT_FIELDS: Readonly<Record<Crm, Readonly<Record<string, number>>>> = {
  hubspot: {
    hs_call_title: 255,
    hs_call_body: 60_000,
    hs_communication_body: 60_000,
    hs_note_body: 60_000,
    hs_task_subject: 255,
    hs_task_body: 60_000,
    firstname: 40,
    lastname: 40,
  },
  salesforce: { Subject: 255, Description: 30_000, CallDisposition: 255, FirstName: 40, LastName: 80 },
};

/** Every way to read everything that can be read. */
const WAYS: readonly Row['from'][] = [
  ...SOURCE_FIELDS.map(({ path }) => ({ template: `x {{${path}}}` })),
  ...SOURCE_FIELDS.filter(({ type }) => type === 'text').flatMap(({ path }) => [{ path }, { cel: `"x " + ${path}` }]),
  { path: 'messages.last7' },
  ...Array.from({ length: 6 }, () => ({ template: 'x {{raw.note}}' })),
  { template: 'x {{conversation.summary}} {{messages.transcript}} {{conversation.recordingUrl}}' },
  { cel: '"x " + messages.all.map(m, m.text).join(" ")' },
  { cel: 'has(raw.note) ? "x " + string(raw.note) : "x"' },
];

const DIGESTS: readonly Row['from'][] = [
  { digest: { as: 'html', maxLength: 30_000 } },
  { digest: { as: 'text', maxLength: 30_000 } },
];

/** The default mapping with other sources for its texts. */
function mappingOf(crm: Crm, seed: number): MappingDocumentInput {
  const document = defaultDocument(crm);
  const drawn = fc.sample(fc.noBias(fc.nat()), { seed, numRuns: 100 });
  let next = 0;
  const rowsOf = (rows: readonly Row[]): Row[] =>
    rows.map((row) => {
      const max = TEXT_FIELDS[crm][row.field];
      if (max === undefined) return row;
      const ways = max < 1_000 ? WAYS : [...WAYS, ...DIGESTS, ...DIGESTS, ...DIGESTS];
      const from = ways[(drawn[(next += 1)] ?? 0) % ways.length] ?? row.from;
      const standIn = { ifNull: { default: 'nothing' } } as const;
      return from.digest === undefined
        ? { field: row.field, mode: row.mode, from, transforms: [{ use: 'truncate', max }], ...standIn }
        : { field: row.field, mode: row.mode, from, ...standIn };
    });
  const { call: calls, text_message: texts, chat } = document.activities;
  const drawnDocument = {
    ...document,
    name: `drawn-${seed}`,
    person: rowsOf(document.person),
    activities: { call: rowsOf(calls), text_message: rowsOf(texts), chat: rowsOf(chat) },
    task: rowsOf(document.task),
  };
  expect(validateMapping(drawnDocument, crm).problems).toEqual([]);
  return drawnDocument;
}

const said = (mark: string) =>
  fc
    .array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 30 })
    .map((words) => words.map((word) => `${mark}${word}`).join(' '));

const drawnConversation = fc.record({
  number: fc.nat(60).map((n) => `+1555${7_000_000 + n}`),
  channel: fc.constantFrom('voice', 'voice', 'sms', 'whatsapp', 'chat'),
  status: fc.constantFrom('completed', 'missed', 'transferred', 'abandoned'),
  direction: fc.constantFrom('inbound', 'outbound'),
  summary: said(MARKS.summary),
  turns: fc.array(said(MARKS.transcript), { minLength: 1, maxLength: 6 }),
  note: said(MARKS.raw),
  intent: fc.constantFrom('booking', 'wrong_number', undefined),
  asksForPerson: fc.constantFrom(true, false, false, false),
});

describe.each(['hubspot', 'salesforce'] as const)('what goes to %s', (crm) => {
  let sandbox: { readonly url: string; close(): Promise<void> };
  let front: RecordedFront;
  let delivery: DirectDelivery;

  beforeAll(async () => {
    sandbox =
      crm === 'hubspot'
        ? await startHubSpotSandbox({ limits: { perTenSeconds: null, searchPerSecond: null, perDay: null } })
        : await startSalesforceSandbox();
    front = await startRecordedFront(sandbox.url);
    delivery = await DirectDelivery.open({ connection: connection({}), token: `sandbox-${crm}-token` });
  });
  afterAll(async () => {
    await delivery.close();
    await front.close();
    await sandbox.close();
  });

  function connection(more: object): Readonly<Record<string, unknown>> {
    return { crm, baseUrl: front.url, credentials: { accessToken: { env: 'TOKEN' } }, ...more };
  }

  /** Delivers conversations under a configuration; what was sent for them stands in the front. */
  async function deliver(
    conversations: readonly SandboxConversation[],
    handoffs: ReadonlySet<string>,
    more: object,
  ): Promise<void> {
    const [parsed] = connections.parse([{ id: delivery.connectionId, ...connection(more) }]);
    if (parsed === undefined) throw new Error('there is one connection');
    await delivery.store.connections.upsert(delivery.tenantId, parsed);
    delivery.personaDesk.addConversations(conversations);
    await delivery.hear(
      ...conversations.flatMap(({ resource: { id, from_number: number } }) => {
        const events = eventsOf(id, String(number));
        return handoffs.has(id) ? [events[2], events[3]] : [events[3]];
      }),
    );
    front.forget();
    const writer = delivery.writer();
    await writer.deliver();
    await writer.close();
  }

  async function deliverDrawn(seed: number, count: number, content: object): Promise<readonly string[]> {
    const drawn = fc.sample(drawnConversation, { seed, numRuns: count });
    const handoffs = new Set<string>();
    const conversations = drawn.map(({ number, turns, asksForPerson, ...rest }, index): SandboxConversation => {
      const id = `conv_${crm}_${seed}_${index}`;
      if (asksForPerson) handoffs.add(id);
      const recording = `https://${MARKS.recording}.example/${MARKS.recording}${index}.mp3`;
      return {
        ...call(id, number, { ...rest, recording_url: recording }),
        messages: turns.map((text, turn) => ({ id: `m${turn}`, conversation_id: id, role: 'caller', text })),
      };
    });
    await deliver(conversations, handoffs, { content, mapping: mappingOf(crm, seed) });
    return conversations.map(({ resource }) => resource.id);
  }

  it('holds no byte of summary, transcript, recording or nameless field where none of it may leave', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const ids = await deliverDrawn(seed, 66, NOTHING);
      const rows = await Promise.all(ids.map((id) => delivery.row(id)));
      expect(rows.map(({ reason }) => reason)).toEqual(ids.map(() => 'written'));
      expect(front.requests.length).toBeGreaterThan(3);
      for (const request of front.requests) expect(request).not.toMatch(ANY_MARK);
    }
  });

  it('holds all of it where it may: the check above can fail', async () => {
    const found = new Set<string>();
    const marks = Object.values(MARKS);
    for (let seed = 101; seed <= 130 && found.size < marks.length; seed += 1) {
      await deliverDrawn(seed, 12, EVERYTHING);
      const sent = front.requests.join('\n');
      for (const mark of marks) if (sent.includes(mark)) found.add(mark);
    }
    expect([...found].sort()).toEqual(marks.toSorted());
  });

  it('holds only what a rule lets go for just those conversations', async () => {
    const content = { ...NOTHING, rules: [{ when: { channel: 'sms' }, summary: true }] };
    const text = (id: string, channel: string) =>
      call(id, '+15558000001', { channel, summary: `${MARKS.summary}${id}` });
    await deliver([text('conv_sms', 'sms'), text('conv_voice', 'voice')], new Set(), { content });
    const sent = front.requests.join('\n');
    expect(sent).toContain(`${MARKS.summary}conv_sms`);
    expect(sent).not.toContain(`${MARKS.summary}conv_voice`);
    const { plan } = await delivery.trace('conv_sms');
    expect(plan?.content).toEqual({ recording: 'none', summary: true, transcript: false, rule: 'for channel sms' });
  });

  it('holds no card number and nothing of a configured form, wherever it was said', async () => {
    const content = { ...EVERYTHING, redact: ['card_number', { mask: 'ACC-######' }] };
    const secrets = /4111[ -]?1111|ACC-\d/;
    const conversation = {
      ...call('conv_card', '+15558000002', {
        summary: 'Paid with 4111 1111 1111 1111 on ACC-123456.',
        intent: 'pay with 4111-1111-1111-1111',
        tags: ['ACC-123456'],
        note: ['4111111111111111', 4_111_111_111_111_111],
      }),
      messages: [{ id: 'm1', conversation_id: 'conv_card', role: 'caller', text: 'It is 4111 1111 1111 1111, 12/29' }],
    };
    const document = defaultDocument(crm);
    const field = crm === 'hubspot' ? 'hs_call_title' : 'Subject';
    const rows = document.activities.call.map((row): Row =>
      row.field === field ? { field, mode: 'overwrite', from: { path: 'raw.note' } } : row,
    );
    const mapping = { ...document, activities: { ...document.activities, call: rows } };
    await deliver([conversation], new Set(['conv_card']), { content, mapping });
    const sent = front.requests.join('\n');
    expect(sent).not.toMatch(secrets);
    expect(sent.match(/\[card number\]/g)?.length).toBeGreaterThanOrEqual(4);
    expect(sent).toContain('[redacted]');
  });
});
