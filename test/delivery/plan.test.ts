import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NO_ASSOCIATIONS } from '../../src/domain/association-policy.ts';
import { identifyCaller } from '../../src/domain/caller.ts';
import type { Conversation, Message } from '../../src/domain/conversation.ts';
import type { OwnerAnswer } from '../../src/domain/crm.ts';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import { knowConversation } from '../../src/domain/known-conversation.ts';
import { hubSpotOwnerPolicySchema, LEFT_TO_THE_CRM } from '../../src/domain/owner-policy.ts';
import { taskPolicySchema } from '../../src/domain/task-policy.ts';
import { fieldsToUpdate, fieldsToUpsert, NOTHING_WRITTEN, type WrittenRecords } from '../../src/domain/plan.ts';
import { planDelivery, type PlanInput } from '../../src/delivery/plan.ts';
import { choosePerson } from '../../src/delivery/choose-person.ts';
import { defaultHubSpotMapping } from '../../src/mapping/default-hubspot.ts';
import { DEFAULT_POLICIES } from '../support/policies.ts';
import { judged } from './planned.ts';

const tenantId = tenantIdSchema.parse('ten_1');
const resource: Conversation = {
  id: conversationIdSchema.parse('conv_1'),
  tenantId,
  channel: 'voice',
  status: 'completed',
  direction: 'inbound',
  startedAt: '2026-01-15T10:24:00.000Z',
  endedAt: '2026-01-15T10:26:45.000Z',
  durationSeconds: 165,
  caller: { number: '+15551234567', name: 'Zoë Müller' },
  summary: 'Wants Tuesday. <b>Urgent</b>',
  recordingUrl: 'https://recordings.example/1.mp3',
  tags: [],
  raw: {},
};

interface Change extends Partial<PlanInput> {
  readonly resource?: Partial<Conversation>;
  readonly messages?: readonly Message[];
  readonly handoff?: PlanInput['known']['handoff'];
  readonly policies?: Partial<typeof DEFAULT_POLICIES>;
}

function input(change: Change = {}): PlanInput {
  const { resource: other, messages, handoff: asked, policies, ...rest } = change;
  const known = knowConversation({ resource: { ...resource, ...other }, routing: [], events: [], messages });
  const conversation = {
    known: { ...known, handoff: asked },
    caller: identifyCaller(known.conversation, 'US'),
    occurredAt: resource.startedAt ?? '',
  };
  return {
    ...judged(conversation, policies),
    choice: { kind: 'create', rule: 'test' },
    tenantId,
    written: NOTHING_WRITTEN,
    tenant: { timezone: 'UTC', defaultCountry: 'US' },
    mapping: defaultHubSpotMapping,
    ownerPolicy: LEFT_TO_THE_CRM,
    associations: NO_ASSOCIATIONS,
    owners: { recordOwner: { kind: 'known', ownerId: undefined }, answers: new Map() },
    related: { activity: undefined, task: undefined },
    ...rest,
  };
}

const handoff = { requestedAt: '2026-01-15T10:25:00.000Z', reason: 'asked_for_person', agentId: undefined };
const activityFields = (plan: ReturnType<typeof planDelivery>) => fieldsToUpsert(plan.activity?.changes ?? []);

describe('a plan', () => {
  it('writes a call with its duration in milliseconds and its number in E.164', () => {
    expect(activityFields(planDelivery(input()))).toMatchObject({
      hs_call_duration: '165000',
      hs_call_from_number: '+15551234567',
      hs_call_direction: 'INBOUND',
      hs_call_status: 'COMPLETED',
      hs_call_title: 'Wants Tuesday.',
      hs_call_recording_url: 'https://recordings.example/1.mp3',
      hs_timestamp: '2026-01-15T10:24:00.000Z',
    });
  });

  it('lets no markup of the caller into the body', () => {
    expect(activityFields(planDelivery(input())).hs_call_body).toContain('&lt;b&gt;Urgent&lt;/b&gt;');
  });

  it.each([
    ['voice', 'call'],
    ['sms', 'text_message'],
    ['whatsapp', 'text_message'],
    ['chat', 'chat'],
    ['hologram', 'chat'],
  ])('a %s conversation becomes a %s', (channel, kind) => {
    expect(planDelivery(input({ resource: { channel } })).activity?.kind).toBe(kind);
  });

  it('takes out what the content policy keeps back, wherever a rule might look', () => {
    const messages = [{ id: undefined, role: 'caller', text: 'TRANSCRIPT', createdAt: undefined }];
    const content = { ...DEFAULT_POLICIES.content, recording: 'none' as const, summary: false };
    const marked = { summary: 'SUMMARY', recordingUrl: 'https://RECORDING', raw: { note: 'RAW' } };
    const plan = planDelivery(input({ resource: marked, messages, policies: { content } }));
    expect(JSON.stringify(plan)).not.toMatch(/SUMMARY|RECORDING|TRANSCRIPT|RAW/);
  });

  it('has one task when a person was asked for, due within the quarter of an hour', () => {
    const plan = planDelivery(input({ handoff }));
    expect(fieldsToUpsert(plan.task?.changes ?? [])).toMatchObject({
      hs_timestamp: '2026-01-15T10:40:00.000Z',
      hs_task_subject: 'Call back Zoë Müller',
      hs_task_status: 'NOT_STARTED',
    });
    expect(planDelivery(input()).task).toBeUndefined();
  });

  it('for an ambiguous caller writes the task and nothing that needs a person', () => {
    const choice = { kind: 'nobody', rule: '2 candidates', reason: 'ambiguous_caller' } as const;
    const plan = planDelivery(input({ choice, handoff }));
    expect(plan).toMatchObject({ person: { action: 'none' }, activity: undefined, reason: 'ambiguous_caller' });
    expect(plan.task?.action).toBe('upsert');
  });

  it('for a caller whom the policy writes on nobody has the record and no task but the one that was asked for', () => {
    const choice = { kind: 'log_without_person', rule: 'test' } as const;
    const plan = planDelivery(input({ choice, handoff }));
    expect(plan).toMatchObject({ person: { action: 'none', rule: 'test' }, reason: 'written' });
    expect([plan.activity?.action, plan.task?.action]).toEqual(['upsert', 'upsert']);
    const written: WrittenRecords = {
      person: undefined,
      activity: { ref: { object: 'calls', id: '7' }, fields: activityFields(plan), linkedTo: undefined },
      task: undefined,
    };
    expect(planDelivery(input({ choice, written })).reason).toBe('nothing_to_change');
  });

  it('has a task by rule, and says by which', () => {
    const tasks = taskPolicySchema.parse({
      rules: [{ when: { status: 'completed' }, dueInMinutes: 60, priority: 'low' }],
    });
    const { task, content } = planDelivery(input({ policies: { tasks } }));
    expect(task?.rule).toBe('for status completed');
    expect(fieldsToUpsert(task?.changes ?? [])).toMatchObject({
      hs_timestamp: '2026-01-15T11:24:00.000Z',
      hs_task_priority: 'LOW',
      hs_task_body: 'Please follow up. Outcome: completed. Number: +15551234567.',
    });
    expect(content).toEqual({ recording: 'link', summary: true, transcript: false, rule: 'for all conversations' });
  });

  it('writes nothing when the CRM already holds what was written before', () => {
    const first = planDelivery(input());
    const ref = { object: 'calls', id: '7' };
    const person = { object: 'contacts', id: '9' };
    const written: WrittenRecords = {
      person,
      activity: { ref, fields: activityFields(first), linkedTo: person },
      task: undefined,
    };
    const again = planDelivery(
      input({ written, choice: { kind: 'matched', ref: person, fields: {}, rule: 'written' } }),
    );
    expect(again).toMatchObject({
      reason: 'nothing_to_change',
      activity: { action: 'keep' },
      person: { action: 'keep' },
    });
  });

  it('never touches a person who is there already', () => {
    const choice = { kind: 'matched', ref: { object: 'contacts', id: '9' }, fields: {}, rule: 'phone' } as const;
    const { person } = planDelivery(input({ choice }));
    expect(person.action).toBe('keep');
    expect(person.action !== 'none' && fieldsToUpdate(person.changes)).toEqual({});
  });

  it('changes nothing on a person whose present values were not read', () => {
    const mapping = {
      ...defaultHubSpotMapping,
      person: [{ field: 'firstname', mode: 'fill_if_empty', value: () => 'Zoë' }] as const,
    };
    const matched = (fields: Record<string, string> | undefined) =>
      planDelivery(
        input({ mapping, choice: { kind: 'matched', ref: { object: 'contacts', id: '9' }, fields, rule: 'test' } }),
      ).person.action;
    expect([matched({}), matched({ firstname: 'Jane' }), matched(undefined)]).toEqual(['update', 'keep', 'keep']);
  });

  describe('with owners and related records', () => {
    const person = { object: 'contacts', id: '9' };
    const deal = { object: 'deals', id: '31' };
    const matched = { kind: 'matched', ref: person, fields: {}, rule: 'phone' } as const;
    const policies = {
      ownerPolicy: hubSpotOwnerPolicySchema.parse({ agents: { ag_1: 'dana@acme.example' }, activity: ['agent'] }),
      associations: { with: ['deal'], several: 'latest' },
    } as const;
    const answer = { kind: 'checked', records: [{ ref: deal, kind: 'deal', modifiedAt: undefined }] } as const;
    const owners = {
      recordOwner: { kind: 'known', ownerId: undefined },
      answers: new Map<string, OwnerAnswer>([['email:dana@acme.example', { kind: 'active', ownerId: '70001' }]]),
    } as const;
    const placed = (change: Partial<PlanInput> = {}) => {
      const base = input({ resource: { agentId: 'ag_1' }, choice: matched, handoff, ...policies, owners, ...change });
      return { ...base, related: { activity: answer, task: answer } };
    };

    it('gives call and task to their owner when it makes them, and puts both on the deal', () => {
      const plan = planDelivery(placed());
      for (const record of [plan.activity, plan.task]) {
        expect(record).toMatchObject({
          owner: { ownerId: '70001', rule: 'agent ag_1 is mapped to this owner' },
          related: [{ action: 'link', ref: deal }],
        });
        expect(record?.changes.at(-1)).toEqual({
          field: 'hubspot_owner_id',
          from: undefined,
          to: '70001',
          mode: 'create_only',
          decision: 'write',
        });
      }
    });

    it('leaves the owner of what is there to people, whatever the policy says by now', () => {
      const ref = { object: 'calls', id: '7' };
      const activity = { ref, fields: { hubspot_owner_id: '70002' }, linkedTo: person, relatedTo: [] };
      const plan = planDelivery(placed({ written: { person, activity, task: undefined } }));
      expect(plan.activity?.owner).toEqual({ ownerId: '70002', rule: 'as it was written before' });
      expect(plan.activity?.changes.filter(({ field }) => field === 'hubspot_owner_id')).toEqual([]);
    });

    it('lets an owner that the mapping names go before the policy, and writes the field once', () => {
      const rule = { field: 'hubspot_owner_id', mode: 'overwrite', value: () => '70003' } as const;
      const mapping = { ...defaultHubSpotMapping, task: [...defaultHubSpotMapping.task, rule] };
      const { task } = planDelivery(placed({ mapping }));
      expect(task?.owner).toEqual({ ownerId: '70003', rule: 'the mapping names the owner' });
      expect(task?.changes.filter(({ field }) => field === 'hubspot_owner_id')).toHaveLength(1);
    });

    it('has something to do as long as a record is not on its deal, and says each remark once', () => {
      const first = planDelivery(placed());
      const record = (plan: typeof first.task, relatedTo: readonly (typeof deal)[]) => ({
        ref: { object: 'calls', id: '7' },
        fields: fieldsToUpsert(plan?.changes ?? []),
        linkedTo: person,
        relatedTo,
      });
      const again = (relatedTo: readonly (typeof deal)[]) =>
        planDelivery(
          placed({
            written: { person, activity: record(first.activity, relatedTo), task: record(first.task, [deal]) },
          }),
        );
      expect([again([]).reason, again([deal]).reason]).toEqual(['written', 'nothing_to_change']);
      const failure = {
        disposition: 'bug',
        code: 'test.bug',
        status: 400,
        retryAfterMs: 0,
        field: '',
        vendorText: '',
      } as const;
      const unknown = { kind: 'could_not_check', failure } as const;
      const warned = planDelivery({ ...placed(), related: { activity: unknown, task: unknown } });
      expect(warned.warnings).toEqual(['related records could not be looked for (test.bug)']);
    });
  });

  it('exists for whatever the source says, within the limits of the CRM', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    const wild = fc.record({
      channel: text,
      status: text,
      durationSeconds: fc.float({ min: 0, noNaN: true, noDefaultInfinity: true }),
      summary: fc.oneof(
        text,
        text.map((part) => part.repeat(400)),
      ),
      caller: fc.record({ number: text, name: text, email: text }, { requiredKeys: [] }),
      intent: text,
      recordingUrl: text,
      agentId: text,
    });
    fc.assert(
      fc.property(wild, (other) => {
        const plan = planDelivery(input({ resource: other }));
        for (const change of plan.activity?.changes ?? []) expect(change.to.length).toBeLessThanOrEqual(65_536);
        expect(JSON.stringify(plan).isWellFormed()).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('choosing a person', () => {
  const candidate = (id: string, more = {}) => ({
    ref: { object: 'contacts', id },
    matchedBy: 'phone',
    rank: 0,
    holdsKey: false,
    fields: {},
    modifiedAt: `2026-01-0${id}T00:00:00Z`,
    ...more,
  });
  const policies = (ambiguous: 'review' | 'most_recently_modified', action: 'create' | 'skip' = 'create') => ({
    matching: { phoneFields: [], ambiguous },
    unknownCaller: { action, rules: [] },
  });
  const { facts } = input().judgement;

  it('one is a match, none follows the policy, several are never guessed at', () => {
    expect(choosePerson([candidate('1')], policies('review'), facts)).toMatchObject({
      kind: 'matched',
      ref: { id: '1' },
    });
    expect(choosePerson([], policies('review'), facts)).toMatchObject({ kind: 'create' });
    expect(choosePerson([], policies('review', 'skip'), facts)).toMatchObject({
      kind: 'nobody',
      reason: 'unknown_caller_policy',
    });
    expect(choosePerson([candidate('1'), candidate('2')], policies('review'), facts)).toMatchObject({
      reason: 'ambiguous_caller',
    });
  });

  it.each([
    ['log_without_person', { kind: 'log_without_person' }],
    ['review', { kind: 'nobody', reason: 'unknown_caller_review' }],
    ['skip', { kind: 'nobody', reason: 'unknown_caller_policy' }],
  ] as const)('nobody is written as the table says: %s', (action, expected) => {
    const table = { action: 'create' as const, rules: [{ when: { channel: 'voice' }, action }] };
    const choice = choosePerson([], { ...policies('review'), unknownCaller: table }, facts);
    expect(choice).toMatchObject({
      ...expected,
      rule: `nobody has this number; policy for channel voice: ${action.replaceAll('_', ' ')}`,
    });
  });

  it('a record of a kind that comes first in the order hides those that come later', () => {
    const both = [candidate('1', { rank: 1 }), candidate('2', { rank: 0 })];
    expect(choosePerson(both, policies('review'), facts)).toMatchObject({ kind: 'matched', ref: { id: '2' } });
  });

  it('among several the holder of our key wins, then the policy', () => {
    const two = [candidate('1', { holdsKey: true }), candidate('2')];
    expect(choosePerson(two, policies('review'), facts)).toMatchObject({ ref: { id: '1' } });
    const plain = [candidate('1'), candidate('2')];
    expect(choosePerson(plain, policies('most_recently_modified'), facts)).toMatchObject({ ref: { id: '2' } });
  });
});
