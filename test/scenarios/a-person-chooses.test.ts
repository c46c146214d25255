import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { startSalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { chooseForConversation, forgetChoice, type ChoiceRequest } from '../../src/admin/services/review-choice.ts';
import { listForReview } from '../../src/admin/services/review.ts';
import type { CallerDecision } from '../../src/domain/caller-choice.ts';
import { conversationIdSchema, type ConnectionId } from '../../src/domain/ids.ts';
import { createDoctorClients, type DoctorClients } from '../../src/runtime/doctor-clients.ts';
import { DirectDelivery, type Writer } from '../support/direct-delivery.ts';
import { call, completed, eventsOf } from '../support/scenario-data.ts';

/** A CRM as these scenarios see it. */
interface Crm {
  readonly connection: Readonly<Record<string, unknown>>;
  readonly token: string;
  /** What people are kept as. */
  readonly object: string;
  /** Makes a person as people do; their id. */
  person(number: string | undefined): string;
  remove(id: string): void;
  /** Ids of the people on whose timeline the call with that id is. */
  peopleOf(callId: string): readonly string[];
  people(): readonly string[];
  /** How often it was searched for a number so far. */
  searches(): number;
  close(): Promise<void>;
}

async function openHubSpot(): Promise<Crm> {
  const limits = { perTenSeconds: null, searchPerSecond: null, perDay: null };
  const hubspot = await startHubSpotSandbox({ limits, searchLagMs: 0 });
  const live = (type: 'contacts' | 'calls') => hubspot.records(type).filter((record) => !record.archived);
  return {
    connection: { crm: 'hubspot', baseUrl: hubspot.url, credentials: { accessToken: { env: 'TOKEN' } } },
    token: 'sandbox-hubspot-token',
    object: 'contacts',
    person: (phone) => hubspot.seedRecords('contacts', [{ firstname: 'Jo', ...(phone && { phone }) }])[0] ?? '',
    remove: (id) => hubspot.deleteAsPerson('contacts', id),
    peopleOf: (id) =>
      live('calls')
        .filter((record) => record.id === id)
        .flatMap(({ associations }) => associations.filter(({ type }) => type === 'contacts').map((link) => link.id)),
    searches: () => hubspot.requestLog().filter(({ endpoint }) => endpoint === 'search').length,
    people: () => live('contacts').map(({ id }) => id),
    close: () => hubspot.close(),
  };
}

async function openSalesforce(): Promise<Crm> {
  const salesforce = await startSalesforceSandbox();
  return {
    connection: {
      crm: 'salesforce',
      baseUrl: salesforce.url,
      credentials: { accessToken: { env: 'TOKEN' } },
      createAs: 'Contact',
    },
    token: 'sandbox-salesforce-token',
    object: 'Contact',
    person: (Phone) => salesforce.seedRecords('Contact', [{ LastName: 'Doe', ...(Phone && { Phone }) }])[0] ?? '',
    remove: (id) => salesforce.deleteAsPerson('Contact', id),
    peopleOf: (id) =>
      salesforce
        .records('Task')
        .filter((record) => record.id === id)
        .map(({ fields }) => String(fields.WhoId)),
    // A search asks for contacts and for leads; a contact that is known is read by one query.
    searches: () =>
      salesforce.requestLog().filter(({ path, inputs }) => path.endsWith('/composite') && inputs > 1).length,
    people: () => salesforce.records('Contact').map(({ id }) => id),
    close: () => salesforce.close(),
  };
}

describe.each([
  ['hubspot', openHubSpot],
  ['salesforce', openSalesforce],
] as const)('a person chooses for %s', (_name, open) => {
  let crm: Crm;
  let delivery: DirectDelivery;
  let clients: DoctorClients;
  let writer: Writer;
  let woken: ConnectionId[];
  let serial = 0;

  beforeAll(async () => {
    crm = await open();
    delivery = await DirectDelivery.open({ connection: crm.connection, token: crm.token });
    clients = createDoctorClients({
      store: delivery.store,
      onCloseFailure: (error) => {
        throw error;
      },
    });
    writer = delivery.writer();
    woken = [];
  });
  afterAll(async () => {
    await writer.close();
    await clients.close();
    await delivery.close();
    await crm.close();
  });

  const newNumber = () => `+1555${6_000_000 + (serial += 1)}`;

  async function hear(number: string, asksForPerson = false): Promise<string> {
    const id = `conv_choose_${(serial += 1)}`;
    delivery.personaDesk.addConversations([call(id, number)]);
    if (asksForPerson) await delivery.hear(eventsOf(id, number)[2]);
    await delivery.hear(completed(id, number));
    await writer.deliver();
    return id;
  }

  /** A call from a number that two people have, and those two. */
  async function ambiguousCall(number = newNumber()) {
    const people = [crm.person(number), crm.person(number)] as const;
    const id = await hear(number);
    expect(await delivery.row(id)).toMatchObject({ state: 'needs_review', reason: 'ambiguous_caller' });
    return { id, people, number };
  }

  function choose(id: string, decision: CallerDecision, more: Partial<ChoiceRequest> = {}) {
    const request = { conversationId: conversationIdSchema.parse(id), connectionId: undefined, by: 'dana' };
    return chooseForConversation(
      { ...request, decision, always: false, ...more },
      {
        ...delivery.store,
        ...clients,
        wake: (connection) => Promise.resolve(void woken.push(connection)),
        now: () => delivery.now(),
      },
    );
  }

  function forget(id: string) {
    const request = { conversationId: conversationIdSchema.parse(id), connectionId: undefined, by: 'sam' };
    return forgetChoice(request, { ...delivery.store, now: () => delivery.now() });
  }

  const theRecord = (id: string): CallerDecision => ({ action: 'choose', ref: { object: crm.object, id } });

  async function timelineOf(id: string): Promise<readonly string[]> {
    return crm.peopleOf((await delivery.row(id)).written.activity?.ref.id ?? '');
  }

  it('waits with its candidates, and is synced on the chosen one by a rule that says so', async () => {
    const { id, people } = await ambiguousCall();
    const searches = crm.searches();
    expect(searches).toBeGreaterThan(0);
    const listed = await listForReview({ connectionId: delivery.connectionId }, delivery.store);
    const item =
      listed.kind === 'listed' ? listed.items.find(({ conversationId }) => conversationId === id) : undefined;
    expect(item?.candidates.map(({ ref }) => ref.id).toSorted()).toEqual([...people].toSorted());
    expect(await choose(id, theRecord(people[1]))).toMatchObject({ kind: 'chosen', isNew: true, woken: true });
    expect(woken).toContain(delivery.connectionId);
    expect(await delivery.row(id)).toMatchObject({ state: 'due', priority: 3 });
    await writer.deliver();
    expect(await delivery.row(id)).toMatchObject({ state: 'synced', reason: 'written' });
    expect(await timelineOf(id)).toEqual([people[1]]);
    expect(await delivery.trace(id)).toMatchObject({
      lookUp: { by: 'choice', rule: expect.stringMatching(/^chosen by a person on \d{1,2} \w{3,4}$/) },
    });
    expect(crm.searches()).toBe(searches);
  });

  it('for one conversation leaves the next one of the number to a person, even when it is written once more', async () => {
    const { id, people, number } = await ambiguousCall();
    await choose(id, theRecord(people[0]));
    await writer.deliver();
    expect((await delivery.row(await hear(number))).state).toBe('needs_review');
    await forget(id);
    await delivery.hear({ ...completed(id, number), id: `${id}_again` });
    await writer.deliver();
    expect((await delivery.trace(id)).lookUp?.by).toBe('written');
    expect(await timelineOf(id)).toEqual([people[0]]);
    expect((await delivery.row(await hear(number))).state).toBe('needs_review');
  });

  it('always goes for the next call of the number without a search, until it is taken back', async () => {
    const { id, people, number } = await ambiguousCall();
    await choose(id, theRecord(people[1]), { always: true });
    await writer.deliver();
    const before = crm.searches();
    const next = await hear(number);
    expect(await timelineOf(next)).toEqual([people[1]]);
    expect(crm.searches()).toBe(before);
    expect((await delivery.trace(next)).lookUp?.rule).toMatch(/for every conversation of this caller$/);
    expect(await forget(next)).toMatchObject({ kind: 'forgotten' });
    expect(await forget(next)).toMatchObject({ kind: 'nothing_to_forget' });
    expect((await delivery.row(await hear(number))).state).toBe('needs_review');
  });

  it('create makes one new person beside the candidates, also when it is said for always', async () => {
    const { id, people, number } = await ambiguousCall();
    const before = new Set(crm.people());
    await choose(id, { action: 'create' }, { always: true });
    await writer.deliver();
    const [made, ...more] = crm.people().filter((person) => !before.has(person));
    expect(more).toEqual([]);
    expect(people).not.toContain(made);
    expect(await timelineOf(id)).toEqual([made]);
    const next = await hear(number);
    expect(await timelineOf(next)).toEqual([made]);
    expect(crm.people().length).toBe(before.size + 1);
  });

  it('skip writes nothing, always nothing of the caller but the task of somebody who asks for a person', async () => {
    const { id, number } = await ambiguousCall();
    await choose(id, { action: 'skip' }, { always: true });
    await writer.deliver();
    expect(await delivery.row(id)).toMatchObject({ state: 'skipped', reason: 'skipped_by_person' });
    const next = await delivery.row(await hear(number));
    expect(next).toMatchObject({ state: 'skipped', reason: 'skipped_by_person', written: { activity: undefined } });
    const urgent = await delivery.row(await hear(number, true));
    expect(urgent).toMatchObject({ state: 'skipped', reason: 'skipped_by_person' });
    expect(urgent.written.activity).toBeUndefined();
    expect(urgent.written.task).toBeDefined();
  });

  it('a chosen record that is deleted is as if nobody had chosen, with a warning', async () => {
    const { id, people, number } = await ambiguousCall();
    await choose(id, theRecord(people[0]), { always: true });
    crm.remove(people[0]);
    await writer.deliver();
    expect(await timelineOf(id)).toEqual([people[1]]);
    expect((await delivery.trace(id)).warnings).toEqual([
      expect.stringMatching(
        new RegExp(`^${crm.object} ${people[0]}, chosen by a person on .*, is no longer in the CRM$`),
      ),
    ]);
    const next = await hear(number);
    expect(await timelineOf(next)).toEqual([people[1]]);
    expect((await delivery.trace(next)).warnings).toHaveLength(1);
  });

  it('of somebody who is no candidate is taken when there is such a record, and only then', async () => {
    const { id } = await ambiguousCall();
    const elsewhere = crm.person(undefined);
    const gone = crm.person(undefined);
    crm.remove(gone);
    expect(await choose(id, theRecord(gone))).toMatchObject({ kind: 'record_gone' });
    expect(await choose(id, { action: 'choose', ref: { object: 'deals', id: '1' } })).toMatchObject({
      kind: 'not_a_person',
    });
    expect((await delivery.row(id)).state).toBe('needs_review');
    const named = { object: crm.object.toLowerCase(), id: elsewhere };
    expect(await choose(id, { action: 'choose', ref: named })).toMatchObject({
      kind: 'chosen',
      decision: theRecord(elsewhere),
    });
    await writer.deliver();
    expect(await timelineOf(id)).toEqual([elsewhere]);
  });
});
