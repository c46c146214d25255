import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { conversationIdSchema, tenantIdSchema } from '../../src/domain/ids.ts';
import { knowConversation, type KnownConversation } from '../../src/domain/known-conversation.ts';
import type { CrmFailure, OwnerAnswer } from '../../src/domain/crm.ts';
import { salesforceOwnerPolicySchema, type OwnerPolicy } from '../../src/domain/owner-policy.ts';
import { chooseOwner } from '../../src/delivery/choose-owner.ts';
import type { OwnerFacts } from '../../src/delivery/steps.ts';

const failure: CrmFailure = {
  disposition: 'retry',
  code: 'network.reset',
  status: undefined,
  retryAfterMs: undefined,
  field: undefined,
  vendorText: 'dana@acme.example',
};

function known(agentId?: string, handoffAgent?: string): KnownConversation {
  const resource = {
    id: conversationIdSchema.parse('conv_1'),
    tenantId: tenantIdSchema.parse('ten_1'),
    channel: 'voice',
    status: 'completed',
    caller: {},
    tags: [],
    raw: {},
    agentId,
  };
  const handoff = { requestedAt: '2026-03-02T10:00:00Z', reason: undefined, agentId: handoffAgent };
  return { ...knowConversation({ resource, routing: [], events: [] }), handoff };
}

const POLICY = salesforceOwnerPolicySchema.parse({
  agents: { ag_1: 'dana@acme.example', ag_2: { queue: 'Front Desk' } },
  activity: ['agent'],
  fallback: 'boss@acme.example',
});

const active = (ownerId: string): OwnerAnswer => ({ kind: 'active', ownerId });

function facts(answers: Readonly<Record<string, OwnerAnswer>>, recordOwnerId?: string): OwnerFacts {
  return { recordOwner: { kind: 'known', ownerId: recordOwnerId }, answers: new Map(Object.entries(answers)) };
}

const ALL = facts(
  {
    'email:dana@acme.example': active('1'),
    'queue:Front Desk': active('2'),
    'id:3': active('3'),
    'email:boss@acme.example': active('4'),
  },
  '3',
);

function choose(part: 'activity' | 'task', conversation: KnownConversation, about: OwnerFacts, policy = POLICY) {
  return chooseOwner(part, { known: conversation, policy, facts: about });
}

describe('the owner of a follow-up task', () => {
  it('is the one of the agent who was to take over, before the one of the agent who spoke', () => {
    expect(choose('task', known('ag_1', 'ag_2'), ALL).owner).toEqual({
      ownerId: '2',
      rule: 'agent ag_2 is mapped to this owner',
    });
    expect(choose('task', known('ag_1', 'ag_unmapped'), ALL).owner.ownerId).toBe('1');
  });

  it('is the owner of the person when no agent is mapped, and that is no fault', () => {
    expect(choose('task', known('ag_9'), ALL)).toEqual({
      owner: { ownerId: '3', rule: "owner of the person's record" },
      warnings: [],
      unchecked: undefined,
    });
  });

  it('is the fallback when those before are inactive or unknown, with a remark that names no address', () => {
    const left = facts(
      { 'email:dana@acme.example': { kind: 'inactive', ownerId: '1' }, 'email:boss@acme.example': active('4') },
      '3',
    );
    const { owner, warnings } = choose('task', known('ag_1'), left);
    expect(owner).toEqual({ ownerId: '4', rule: 'fallback' });
    expect(warnings).toEqual([
      'task: the owner of agent ag_1 is not active in the CRM',
      "task: the owner of the person's record is not known to the CRM",
    ]);
  });

  it('is left to the CRM when nobody is left, and the rule says why', () => {
    const { owner } = choose('task', known('ag_9'), facts({}), { ...POLICY, fallback: undefined });
    expect(owner).toEqual({
      ownerId: undefined,
      rule: "left to the CRM: agent ag_9 has no owner; the person's record has no owner; there is no fallback",
    });
  });

  it('tells of somebody on the way who could not be checked, but not of one after the choice', () => {
    const unchecked: OwnerAnswer = { kind: 'could_not_check', failure };
    const before = choose(
      'task',
      known('ag_1'),
      facts({ 'email:dana@acme.example': unchecked, 'id:3': active('3') }, '3'),
    );
    expect(before).toMatchObject({ owner: { ownerId: '3' }, unchecked: failure });
    expect(before.warnings).toEqual(['task: the owner of agent ag_1 could not be checked (network.reset)']);
    const after = choose(
      'task',
      known('ag_1'),
      facts({ 'email:dana@acme.example': active('1'), 'id:3': unchecked }, '3'),
    );
    expect(after).toMatchObject({ owner: { ownerId: '1' }, warnings: [], unchecked: undefined });
    const record = { recordOwner: { kind: 'could_not_check', failure }, answers: new Map() } as const;
    expect(choose('task', known(), record).unchecked).toBe(failure);
  });
});

describe('the owner of an activity', () => {
  it('follows its own rules', () => {
    expect(choose('activity', known('ag_1', 'ag_2'), ALL).owner.ownerId).toBe('1');
    expect(choose('activity', known('ag_9', 'ag_2'), ALL).owner).toEqual({
      ownerId: undefined,
      rule: 'left to the CRM: agent ag_9 has no owner',
    });
    expect(choose('activity', known('ag_1'), ALL, { ...POLICY, activity: [] }).owner.rule).toBe(
      'left to the CRM: policy',
    );
  });
});

describe('choosing an owner', () => {
  const name = fc.oneof(fc.constantFrom('__proto__', 'constructor', 'toString', 'ag_1'), fc.string());
  const rule = fc.constantFrom('agent', 'record_owner', 'fallback');

  it('takes only somebody whom the CRM called active, whatever the agents are called', () => {
    const answer = fc.constantFrom<OwnerAnswer>(
      active('a'),
      { kind: 'inactive', ownerId: 'i' },
      { kind: 'unknown' },
      { kind: 'could_not_check', failure },
    );
    const policy = fc.record<OwnerPolicy>({
      agents: fc.dictionary(name, fc.constantFrom('x@a.example', 'y@a.example')),
      activity: fc.uniqueArray(rule),
      task: fc.uniqueArray(rule),
      fallback: fc.constantFrom(undefined, 'x@a.example'),
    });
    fc.assert(
      fc.property(
        policy,
        name,
        name,
        answer,
        answer,
        fc.constantFrom(undefined, '7'),
        (one, agent, other, x, y, id) => {
          const about = facts({ 'email:x@a.example': x, 'email:y@a.example': y, 'id:7': x }, id);
          for (const part of ['activity', 'task'] as const) {
            const { owner, warnings } = choose(part, known(agent, other), about, one);
            expect([undefined, 'a']).toContain(owner.ownerId);
            expect(warnings.join()).not.toContain('@a.example could');
            if (owner.ownerId !== undefined) expect([x.kind, y.kind]).toContain('active');
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
