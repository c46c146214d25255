import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { generateConversations, type GeneratedConversation } from '../../sandbox/personadesk/index.ts';
import { startSalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import type { Preview } from '../../src/delivery/preview.ts';
import { DirectDelivery, type Writer } from '../support/direct-delivery.ts';
import { contentsOf, openPreviewing, type Previewing } from '../support/previewing.ts';
import { call, completed } from '../support/scenario-data.ts';

/** A CRM that plans are made for: what it holds, what it was asked, and what people do in it. */
interface PlannedCrm {
  readonly connection: Readonly<Record<string, unknown>>;
  /** All its records, as they are. */
  records(): unknown;
  /** What it was asked since the start, by class. */
  endpoints(): readonly string[];
  /** Puts somebody in with that number. */
  seedPerson(number: string): void;
  /** Deletes whoever we created, as a person does. */
  deletePeople(): void;
  /** Changes what we wrote of calls, as a person does. */
  editCalls(text: string): void;
  close(): Promise<void>;
}

const TOKEN = 'sandbox-token-of-the-plans';

async function hubSpot(): Promise<PlannedCrm> {
  const sandbox = await startHubSpotSandbox({
    accessTokens: [{ token: TOKEN }],
    limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
  });
  const types = ['contacts', 'calls', 'communications', 'notes', 'tasks'] as const;
  return {
    connection: {
      crm: 'hubspot',
      baseUrl: sandbox.url,
      credentials: { accessToken: { env: 'TOKEN' } },
      associations: { with: ['deal', 'company'] },
    },
    records: () => types.map((type) => sandbox.records(type)),
    endpoints: () => sandbox.requestLog().map(({ endpoint }) => endpoint),
    seedPerson: (number) => void sandbox.seedRecords('contacts', [{ firstname: 'Jane', phone: number }]),
    deletePeople: () => {
      for (const { id } of sandbox.records('contacts')) sandbox.deleteAsPerson('contacts', id);
    },
    editCalls: (text) => {
      for (const { id } of sandbox.records('calls')) sandbox.editAsPerson('calls', id, { hs_call_title: text });
    },
    close: () => sandbox.close(),
  };
}

async function salesforce(): Promise<PlannedCrm> {
  const sandbox = await startSalesforceSandbox({ accessTokens: [{ token: TOKEN }] });
  const types = ['Contact', 'Lead', 'Task'] as const;
  return {
    connection: {
      crm: 'salesforce',
      baseUrl: sandbox.url,
      credentials: { accessToken: { env: 'TOKEN' } },
      associations: { with: ['opportunity', 'account'] },
    },
    records: () => types.map((type) => sandbox.records(type)),
    endpoints: () => sandbox.requestLog().map(({ endpoint }) => endpoint),
    seedPerson: (number) => void sandbox.seedRecords('Contact', [{ LastName: 'Doe', Phone: number }]),
    deletePeople: () => {
      for (const { id } of sandbox.records('Lead')) sandbox.deleteAsPerson('Lead', id);
    },
    editCalls: (text) => {
      for (const { id } of sandbox.records('Task')) sandbox.editAsPerson('Task', id, { Subject: text });
    },
    close: () => sandbox.close(),
  };
}

const WRITES = /create|update|upsert|archive|delete|write|bulk/;
const PART = 80;
const GENERATED = generateConversations({
  seed: 20_260_302,
  tenantId: 'ten_test',
  count: 3 * PART,
  from: new Date('2026-01-05T00:00:00Z'),
  to: new Date('2026-03-01T00:00:00Z'),
});

describe.each([
  ['HubSpot', hubSpot],
  ['Salesforce', salesforce],
])('what would be written to %s', (_name, start) => {
  let crm: PlannedCrm;
  let delivery: DirectDelivery;
  let writer: Writer;
  let previewing: Previewing;

  beforeAll(async () => {
    crm = await start();
    delivery = await DirectDelivery.open({ connection: crm.connection, token: TOKEN });
    writer = delivery.writer();
    previewing = await openPreviewing(delivery);
  });
  afterAll(async () => {
    await Promise.all([writer.close(), previewing.close()]);
    await Promise.all([delivery.close(), crm.close()]);
  });

  /** Previews, and sees to it that nothing was written by it, here or there. */
  async function previewOnly(ids: readonly string[]): Promise<Preview> {
    const [records, contents, asked] = [crm.records(), await contentsOf(delivery.databaseUrl), crm.endpoints().length];
    const previewed = await previewing.preview(ids);
    expect(
      crm
        .endpoints()
        .slice(asked)
        .filter((endpoint) => WRITES.test(endpoint)),
    ).toEqual([]);
    expect(crm.records()).toEqual(records);
    expect(await contentsOf(delivery.databaseUrl)).toEqual(contents);
    return previewed;
  }

  /** What was previewed and what was delivered then, compared field by field. */
  async function deliversAsPreviewed(conversations: readonly { readonly id: string }[]): Promise<Preview> {
    const ids = conversations.map(({ id }) => id);
    const previewed = await previewOnly(ids);
    expect(previewed.conversations.map(({ conversationId }) => conversationId)).toEqual(ids);
    await writer.deliver();
    for (const { conversationId, outcome, trace } of previewed.conversations) {
      const [attempt, row] = await Promise.all([delivery.trace(conversationId), delivery.row(conversationId)]);
      expect({ ...attempt, ...NOT_PLANNED }).toEqual({ ...storedForm(trace), ...NOT_PLANNED });
      expect({ state: row.state, reason: row.reason }).toEqual({ state: outcome.state, reason: outcome.reason });
    }
    return previewed;
  }

  async function hear({ resource, events, ...rest }: GeneratedConversation): Promise<{ readonly id: string }> {
    delivery.personaDesk.addConversations([{ resource, ...rest }]);
    const id = resource.id;
    // One that the generator says nothing of is heard of all the same.
    await delivery.hear(...(events.length === 0 ? [completed(id, '')] : events));
    return { id };
  }

  it.each([0, 1, 2])('is what is written then, for generated conversations, part %d', async (part) => {
    const some = GENERATED.slice(part * PART, (part + 1) * PART);
    // A few of the callers are in the CRM already, one of them twice.
    const numbers = some.flatMap(({ resource }) =>
      typeof resource.from_number === 'string' ? [resource.from_number] : [],
    );
    for (const number of [...numbers.slice(0, 6), ...numbers.slice(0, 1)]) {
      if (/^\+\d+$/.test(number)) crm.seedPerson(number);
    }
    const heard: { readonly id: string }[] = [];
    for (const conversation of some) heard.push(await hear(conversation));
    const { conversations } = await deliversAsPreviewed(heard);
    expect(new Set(conversations.map(({ outcome }) => outcome.reason)).size).toBeGreaterThan(2);
  });

  it('is what is written then, when people and the source have changed what was written before', async () => {
    crm.editCalls('what a person wrote');
    const again = GENERATED.slice(0, PART).map(({ resource }) => resource.id);
    for (const [index, id] of again.entries()) {
      delivery.personaDesk.updateConversation(id, { summary: `Another summary of ${id}.` });
      await delivery.hear({ ...completed(id, ''), id: `evt_again_${index}` });
    }
    const { conversations } = await deliversAsPreviewed(again.map((id) => ({ id })));
    expect(conversations.filter(({ outcome }) => outcome.reason === 'written').length).toBeGreaterThan(PART / 4);
  });

  it('is what is written then, when somebody we remember has been deleted, which only the delivery takes to heart', async () => {
    const number = '+15557770002';
    const heard = async (id: string) => {
      delivery.personaDesk.addConversations([call(id, number)]);
      await delivery.hear(completed(id, number));
    };
    await heard('conv_before');
    await writer.deliver();
    crm.deletePeople();
    await heard('conv_after');
    const { conversations } = await deliversAsPreviewed([{ id: 'conv_after' }]);
    expect(conversations).toMatchObject([
      { trace: { lookUp: { by: 'search' }, plan: { person: { action: 'create' } } } },
    ]);
  });

  it('is planned from what was stored, once PersonaDesk no longer has it', async () => {
    const number = '+15557770001';
    delivery.personaDesk.addConversations([call('conv_forgotten', number)]);
    await delivery.hear(completed('conv_forgotten', number));
    await writer.deliver();
    delivery.personaDesk.reset();
    const { conversations } = await previewOnly(['conv_forgotten']);
    expect(conversations).toMatchObject([{ readFrom: 'snapshot', outcome: { reason: 'nothing_to_change' } }]);
  });
});

/** When, through which requests and with what result: a preview knows nothing of that. */
const NOT_PLANNED = { startedAt: '', finishedAt: '', requests: [], wrote: [] };

/** As the trace comes back from the store. */
function storedForm<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
