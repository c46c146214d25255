import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { DEFAULT_POLICIES } from '../support/policies.ts';
import { call, completed, eventsOf, permutations } from '../support/scenario-data.ts';
import { SECRETS, Stack } from '../support/stack.ts';

const synced = (row: { readonly state: string }) => row.state === 'synced';

describe('a conversation reaches Salesforce', () => {
  let stack: Stack;
  let salesforce: SalesforceSandbox;

  beforeAll(async () => {
    salesforce = await startSalesforceSandbox({ searchLagMs: 10_000 });
    salesforce.addToken({ token: SECRETS.HS_TOKEN });
    stack = await Stack.start({
      withoutWorker: true,
      policy: { pollsAfterFirstEvent: [50, 3_600_000], retryBase: 20, outagePause: 20 },
    });
    await stack.store.connections.upsert(stack.tenantId, {
      id: stack.connectionId,
      crm: 'salesforce',
      baseUrl: salesforce.url,
      credentials: { accessToken: { env: 'HS_TOKEN' } },
      objectOrder: ['Contact', 'Lead'],
      createAs: 'Lead',
      ...DEFAULT_POLICIES,
      associations: { with: [], several: 'latest' },
      owners: { agents: {}, activity: [], task: [] },
    });
    await stack.startWorker();
  });
  afterAll(async () => {
    await stack.stop();
    await salesforce.close();
  });
  afterEach(() => salesforce.clearFaults());

  const live = (type: 'Task' | 'Lead' | 'Contact') => salesforce.records(type).filter(({ deleted }) => !deleted);
  /** Tasks of one conversation: the logged call, and the follow-up when a person was asked for. */
  const tasksOf = (id: string) =>
    live('Task').filter(({ fields }) => String(fields.PersonaDesk_Conversation_Id__c ?? '').includes(id));

  it('the four events in all 24 orders end alike: one lead, one logged call, one follow-up task', async () => {
    const orders = permutations([0, 1, 2, 3] as const);
    await Promise.all(
      orders.map(async (order, n) => {
        const [id, number] = [`conv_sf_${n}_`, `+1555888${2000 + n}`];
        stack.personaDesk.addConversations([call(id, null)]);
        for (const index of order) {
          await stack.sender.send(eventsOf(id, number)[index]);
        }
        await stack.untilRow(id, (row) => synced(row) && row.dueAt === undefined, 40_000);
      }),
    );
    orders.forEach((_, n) => {
      const leads = live('Lead').filter(({ fields }) => fields.Phone === `+1555888${2000 + n}`);
      const tasks = tasksOf(`conv_sf_${n}_`);
      expect([n, leads.length, tasks.length]).toEqual([n, 1, 2]);
      expect(new Set(tasks.map(({ fields }) => fields.WhoId))).toEqual(new Set([leads[0]?.id]));
      expect(tasks.map(({ fields }) => fields.IsClosed).toSorted()).toEqual([false, true]);
    });
  });

  it('a contact that people keep under another spelling gets the call, and nothing on it is changed', async () => {
    const given = { LastName: 'Doe', FirstName: 'Jane', MobilePhone: '(555) 444-2005' };
    const [jane] = salesforce.seedRecords('Contact', [given]);
    stack.personaDesk.addConversations([call('conv_sf_jane', '+15554442005')]);
    await stack.sender.send(completed('conv_sf_jane', '+15554442005'));
    await stack.untilRow('conv_sf_jane', synced);
    expect(tasksOf('conv_sf_jane').map(({ fields }) => fields.WhoId)).toEqual([jane]);
    expect(live('Contact').find(({ id }) => id === jane)?.fields).toMatchObject(given);
    expect(live('Lead').filter(({ fields }) => fields.Phone === '+15554442005')).toEqual([]);
  });

  it.each([
    ['500', { kind: 'status', status: 500 }],
    ['an HTML 502', { kind: 'html-502' }],
    ['a reset before the write', { kind: 'reset' }],
    ['a reset after the write was applied', { kind: 'apply-then-reset' }],
  ] as const)('%s on each write is retried and leaves no duplicate', async (name, fault) => {
    const id = `conv_sf_fault_${name.replaceAll(' ', '_')}`;
    const number = `+1555444${3000 + name.length}`;
    stack.personaDesk.addConversations([call(id, number)]);
    salesforce.injectFault({ match: { path: 'sobjects/Lead' }, times: 1, fault });
    salesforce.injectFault({ match: { path: 'sobjects/Task' }, times: 1, fault });
    await stack.sender.send(completed(id, number));
    await stack.untilRow(id, (row) => synced(row) && row.dueAt === undefined, 20_000);
    expect(tasksOf(id)).toHaveLength(1);
    expect(live('Lead').filter(({ fields }) => fields.Phone === number)).toHaveLength(1);
  });

  it('a follow-up that a person closed, on a call that a person moved, stays as the person left it', async () => {
    const [id, number] = ['conv_sf_person', '+15554442006'];
    const [, , handoff, ended] = eventsOf(id, number);
    stack.personaDesk.addConversations([call(id, number)]);
    await stack.sender.send(ended);
    await stack.sender.send(handoff);
    await stack.untilRow(id, (row) => synced(row) && row.dueAt === undefined && row.written.task !== undefined);
    const { written } = await stack.untilRow(id, synced);
    const [other] = salesforce.seedRecords('Contact', [{ LastName: 'Other' }]);
    salesforce.editAsPerson('Task', written.task?.ref.id ?? '', { Status: 'Completed' });
    salesforce.editAsPerson('Task', written.activity?.ref.id ?? '', { WhoId: other ?? '' });
    stack.personaDesk.updateConversation(id, { summary: 'Corrected.' });
    await stack.sender.send({ ...ended, id: 'evt_sf_person_corrected' });
    await stack.untilRow(id, (row) => synced(row) && row.written.activity?.fields.Subject === 'Corrected.');
    const byId = (ref: string | undefined) => live('Task').find((record) => record.id === ref)?.fields;
    expect(byId(written.activity?.ref.id)).toMatchObject({ Subject: 'Corrected.', WhoId: other });
    expect(byId(written.task?.ref.id)).toMatchObject({ Status: 'Completed' });
  });

  it('an expired session breaks the connection, and one command resumes it', async () => {
    const [id, number] = ['conv_sf_expired', '+15554442007'];
    salesforce.revokeToken(SECRETS.HS_TOKEN);
    stack.personaDesk.addConversations([call(id, number)]);
    await stack.sender.send(completed(id, number));
    await stack.untilRow(id, (row) => row.reason === 'connection_broken');
    salesforce.addToken({ token: SECRETS.HS_TOKEN });
    await stack.resume();
    await stack.untilRow(id, synced);
    expect(tasksOf(id)).toHaveLength(1);
  });
});
