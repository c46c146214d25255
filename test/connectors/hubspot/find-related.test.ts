import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordRef, RelatedAnswer, RelatedKind } from '../../../src/domain/crm.ts';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';

type Kind = RelatedKind<'hubspot'>;

const EVERY_KIND: readonly Kind[] = ['company', 'deal', 'ticket'];
const START = Date.UTC(2026, 10, 24, 12);

let account: ConnectedAccount;
let clock = START;

const person = (name: string): RecordRef => ({
  object: 'contacts',
  id: account.sandbox.seedRecords('contacts', [{ firstname: name }])[0] ?? '',
});

/** Made a minute after whatever was made before. */
function related(
  type: 'companies' | 'deals' | 'tickets',
  fields: Readonly<Record<string, string>>,
  to: RecordRef,
  primary = false,
): string {
  clock += 60_000;
  const [id = ''] = account.sandbox.seedRecords(type, [fields]);
  account.sandbox.linkAsPerson({ type: 'contacts', id: to.id }, { type, id }, { primary });
  return id;
}

const deal = (to: RecordRef, stage = 'contractsent') => related('deals', { dealname: 'Big', dealstage: stage }, to);
const ticket = (to: RecordRef, stage = '1') => related('tickets', { subject: 'Broken', hs_pipeline_stage: stage }, to);

const find = (people: readonly RecordRef[], kinds = EVERY_KIND) =>
  account.connector.findRelated(
    people.map((each) => ({ person: each, kinds })),
    account.context,
  );

/** `deal 123`, in the order they were given. */
function told(answer: RelatedAnswer | undefined): readonly string[] {
  if (answer?.kind !== 'checked') throw new Error('It must be checked.');
  return answer.records.map(({ kind, ref }) => `${kind} ${ref.id}`);
}

const endpoints = () => account.requests.map(({ endpoint }) => endpoint).toSorted();

describe.each(API_VERSIONS)('HubSpot API %s', (apiVersion) => {
  beforeEach(async () => {
    clock = START;
    account = await connectAccount({ connector: { apiVersion }, sandbox: { now: () => clock } });
  });

  afterEach(() => account.stop());

  describe('finding what else belongs to people', () => {
    it('each has the open deals and tickets, the one that changed last first, and no others', async () => {
      const [ann, bob] = [person('Ann'), person('Bob')];
      const [first, second, third] = [deal(ann), deal(ann), deal(ann)];
      for (const stage of ['closedwon', 'closedlost']) deal(ann, stage);
      const [open] = [ticket(ann), ticket(ann, '4')];
      const bobs = deal(bob);
      clock += 60_000;
      account.sandbox.editAsPerson('deals', second, { amount: '12' });
      const [ofAnn, ofBob] = await find([ann, bob], ['deal', 'ticket']);
      expect(told(ofAnn)).toEqual([`deal ${second}`, `deal ${third}`, `deal ${first}`, `ticket ${open}`]);
      expect(told(ofBob)).toEqual([`deal ${bobs}`]);
      expect(ofAnn).toMatchObject({
        records: [
          { ref: { object: 'deals', id: second }, kind: 'deal', modifiedAt: new Date(clock).toISOString() },
          { ref: { object: 'deals', id: third } },
          { ref: { object: 'deals', id: first } },
          { ref: { object: 'tickets', id: open }, kind: 'ticket' },
        ],
      });
    });

    it('of companies only the primary one, without reading it', async () => {
      const ann = person('Ann');
      related('companies', { name: 'Other' }, ann);
      const main = related('companies', { name: 'Main' }, ann, true);
      related('companies', { name: 'Third' }, ann);
      const [answer] = await find([ann], ['company']);
      expect(told(answer)).toEqual([`company ${main}`]);
      expect(endpoints()).toEqual(['association-read']);
    });

    it('who has nothing is answered with nothing, and nothing is read', async () => {
      const [ann, bob] = [person('Ann'), person('Bob')];
      const only = deal(bob, 'closedwon');
      account.sandbox.deleteAsPerson('deals', only);
      expect((await find([ann, bob])).map(told)).toEqual([[], []]);
      expect(endpoints()).toEqual(['association-read', 'association-read', 'association-read']);
      expect(await find([])).toEqual([]);
      expect(await find([ann], [])).toEqual([{ kind: 'checked', records: [] }]);
      expect(endpoints()).toHaveLength(3);
    });

    it('a contact that is gone has nothing', async () => {
      const ann = person('Ann');
      deal(ann);
      account.sandbox.deleteAsPerson('contacts', ann.id);
      expect((await find([ann])).map(told)).toEqual([[]]);
    });

    it('a deal that was deleted between the two readings is not among the answers', async () => {
      const ann = person('Ann');
      const [kept, gone] = [deal(ann), deal(ann)];
      const row = { category: 'OBJECT_NOT_FOUND', message: 'no', context: { ids: [gone] } };
      const body = { results: [{ id: kept, properties: { hs_is_closed: 'false' } }], errors: [row] };
      account.sandbox.injectFault({
        match: { path: '/objects/.+/deals/batch/read' },
        fault: { kind: 'status', status: 207, body },
      });
      expect((await find([ann], ['deal'])).map(told)).toEqual([[`deal ${kept}`]]);
    });

    it.each(['clear', 'keep'] as const)(
      'a ticket that was opened again is open where HubSpot does this with its close date: %s',
      async (closeDateOfReopenedTicket) => {
        account.sandbox.setOptions({ closeDateOfReopenedTicket });
        const ann = person('Ann');
        const id = ticket(ann);
        const move = (stage: string) => {
          clock += 60_000;
          account.sandbox.editAsPerson('tickets', id, { hs_pipeline_stage: stage });
        };
        move('4');
        expect((await find([ann], ['ticket'])).map(told)).toEqual([[]]);
        move('2');
        expect((await find([ann], ['ticket'])).map(told)).toEqual([[`ticket ${id}`]]);
        move('4');
        expect((await find([ann], ['ticket'])).map(told)).toEqual([[]]);
      },
    );

    it('1,001 people with 101 deals cost two requests for links and two for deals', async () => {
      const people = account.sandbox
        .seedRecords(
          'contacts',
          Array.from({ length: 1_001 }, (_, index) => ({ firstname: `P ${index}` })),
        )
        .map((id) => ({ object: 'contacts', id }));
      const deals = people.slice(-101).map((each) => deal(each));
      const answers = await find(people, ['deal']);
      expect(answers.slice(-101).map(told)).toEqual(deals.map((id) => [`deal ${id}`]));
      expect(answers.slice(0, -101).every((each) => told(each).length === 0)).toBe(true);
      expect(endpoints()).toEqual(['association-read', 'association-read', 'batch-read', 'batch-read']);
    });

    it('of somebody with more links than a page holds, all are followed', async () => {
      const [ann, bob] = [person('Ann'), person('Bob')];
      for (let index = 0; index < 1_000; index += 1) deal(ann, 'closedwon');
      const open = deal(ann);
      const bobs = deal(bob);
      expect((await find([ann, bob], ['deal'])).map(told)).toEqual([[`deal ${open}`], [`deal ${bobs}`]]);
      expect(endpoints().filter((endpoint) => endpoint === 'association-read')).toHaveLength(3);
    });

    it('the same person and the same deal are asked for once', async () => {
      const [ann, bob] = [person('Ann'), person('Bob')];
      const shared = deal(ann);
      account.sandbox.linkAsPerson({ type: 'contacts', id: bob.id }, { type: 'deals', id: shared });
      expect((await find([ann, bob, ann], ['deal'])).map(told)).toEqual([
        [`deal ${shared}`],
        [`deal ${shared}`],
        [`deal ${shared}`],
      ]);
      const inputs = account.sandbox
        .requestLog()
        .slice(-2)
        .map(({ inputs: count }) => count);
      expect(inputs).toEqual([2, 1]);
    });
  });

  describe('what cannot be found out about related records', () => {
    it.each(['either', 'both'] as const)(
      'without the scope for deals, only who asked for deals is left without an answer (%s)',
      async (associationScopes) => {
        const ann = person('Ann');
        deal(ann);
        const open = ticket(ann);
        account.sandbox.setOptions({ associationScopes });
        account.sandbox.addToken({
          token: 'sandbox-hubspot-token',
          scopes: ['crm.objects.contacts.read', 'crm.objects.tickets.read'],
        });
        const [all, tickets] = await account.connector.findRelated(
          [
            { person: ann, kinds: ['deal', 'ticket'] },
            { person: ann, kinds: ['ticket'] },
          ],
          account.context,
        );
        expect(told(all)).toEqual([`ticket ${open}`]);
        expect(all).toMatchObject({
          unread: [{ disposition: 'fix_mapping', code: 'hubspot.NO_ACCESS_TO_DEALS', status: 403 }],
        });
        expect(told(tickets)).toEqual([`ticket ${open}`]);
      },
    );

    it('a row that failed leaves the person it names without an answer, and nobody else', async () => {
      const [ann, bob] = [person('Ann'), person('Bob')];
      const row = { category: 'INTERNAL_ERROR', message: 'no', context: { fromObjectId: [ann.id] } };
      const fault = { kind: 'status', status: 207, body: { results: [], errors: [row] } } as const;
      account.sandbox.injectFault({ match: { path: '/associations/' }, fault });
      expect(await find([ann, bob], ['deal'])).toMatchObject([
        { kind: 'could_not_check', failure: { disposition: 'retry' } },
        { kind: 'checked', records: [] },
      ]);
    });

    it('a further page that failed leaves the person without an answer rather than with half of one', async () => {
      const [ann, bob] = [person('Ann'), person('Bob')];
      for (let index = 0; index < 501; index += 1) deal(ann);
      const bobs = deal(bob);
      account.sandbox.injectFault({ match: { path: '/associations/', nth: 2 }, fault: { kind: 'html-502' } });
      const [ofAnn, ofBob] = await find([ann, bob], ['deal']);
      expect(ofAnn).toMatchObject({ kind: 'could_not_check', failure: { disposition: 'retry', status: 502 } });
      expect(told(ofBob)).toEqual([`deal ${bobs}`]);
    });

    it('deals that could not be read leave their people without an answer, and who has none is answered', async () => {
      const [ann, bob] = [person('Ann'), person('Bob')];
      deal(ann);
      account.sandbox.injectFault({
        match: { path: '/objects/.+/deals/batch/read' },
        fault: { kind: 'status', status: 500 },
      });
      expect(await find([ann, bob], ['deal'])).toMatchObject([
        { kind: 'could_not_check', failure: { disposition: 'retry', status: 500 } },
        { kind: 'checked', records: [] },
      ]);
    });
  });
});
