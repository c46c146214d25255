import { describe, expect, it } from '@jest/globals';
import { businessHoursSchema } from '../../src/domain/business-hours.ts';
import { contentPolicySchema, decideContent, mayUseTranscripts } from '../../src/domain/content-policy.ts';
import { filteredBy, filterPolicySchema } from '../../src/domain/filter-policy.ts';
import { decideFollowUp, taskPolicySchema } from '../../src/domain/task-policy.ts';
import { decideUnknownCaller, unknownCallerPolicySchema } from '../../src/domain/unknown-caller-policy.ts';
import { factsOf } from './condition-facts.ts';

const sms = factsOf({ channel: 'sms' });

describe('filters', () => {
  const filters = filterPolicySchema.parse([
    { when: { tag: 'vip' }, action: 'deliver' },
    { when: { channel: ['sms', 'voice'] }, action: 'skip' },
  ]);

  it('decide by the first that applies', () => {
    expect(filteredBy(filters, sms)).toBeUndefined();
    expect(filteredBy(filters, factsOf({ tags: [] }))).toBe('skips channel sms or voice');
    expect(filteredBy(filters, factsOf({ tags: [], channel: 'chat' }))).toBeUndefined();
  });
});

describe('an unknown caller', () => {
  const policy = unknownCallerPolicySchema.parse({
    action: 'review',
    rules: [
      { when: { durationBelow: 10 }, action: 'skip' },
      { when: { channel: 'voice', direction: 'inbound' }, action: 'create' },
    ],
  });

  it.each([
    [factsOf({ durationSeconds: 3 }), 'skip', 'policy for duration below 10 s: skip'],
    [factsOf(), 'create', 'policy for channel voice, direction inbound: create'],
    [sms, 'review', 'policy: review'],
  ])('is decided by the table, case %#', (facts, action, rule) => {
    expect(decideUnknownCaller(policy, facts)).toEqual({ action, rule });
  });

  it('is created where nothing else is said', () => {
    expect(decideUnknownCaller(unknownCallerPolicySchema.parse({}), sms).action).toBe('create');
  });
});

describe('what content may leave', () => {
  const policy = contentPolicySchema.parse({
    transcript: true,
    redact: ['card_number'],
    rules: [
      { when: { channel: 'sms' }, summary: false, transcript: false, recording: 'none' },
      { when: { agent: 'ag_front' }, recording: 'none' },
    ],
  });

  it('is decided by the first rule that applies, and by the policy for what that leaves open', () => {
    expect(decideContent(policy, sms)).toEqual({
      recording: 'none',
      summary: false,
      transcript: false,
      redact: ['card_number'],
      rule: 'for channel sms',
    });
    expect(decideContent(policy, factsOf())).toMatchObject({ recording: 'none', summary: true, transcript: true });
    expect(decideContent(policy, factsOf({ agentId: 'other' }))).toMatchObject({
      recording: 'link',
      rule: 'for all conversations',
    });
  });

  it('needs messages only when some transcript may leave', () => {
    const rules = [{ when: { channel: 'chat' }, transcript: true }];
    expect(mayUseTranscripts(contentPolicySchema.parse({}))).toBe(false);
    expect(mayUseTranscripts(contentPolicySchema.parse({ rules }))).toBe(true);
    expect(mayUseTranscripts(policy)).toBe(true);
  });
});

describe('a follow-up task', () => {
  const nine = ['09:00-17:00'];
  const calendar = {
    hours: businessHoursSchema.parse({ mon: nine, tue: nine, wed: nine, thu: nine, fri: nine }),
    timeZone: 'America/New_York',
  };
  const policy = taskPolicySchema.parse({
    clock: 'business',
    rules: [
      { when: { status: 'missed' }, dueInMinutes: 60, priority: 'medium' },
      { when: { handoff: true, afterHours: true }, create: false, dueInMinutes: 30 },
    ],
  });
  const handoff = { requestedAt: '2026-11-24T21:50:00Z', reason: undefined, agentId: undefined };
  const startedAt = '2026-11-24T21:40:00Z';

  it('is written for every request for a person, due by business hours', () => {
    expect(decideFollowUp(policy, factsOf({}, { handoff }), startedAt, calendar)).toEqual({
      dueAt: '2026-11-25T14:05:00.000Z',
      priority: 'high',
      rule: 'a person was asked for',
    });
    const always = { ...calendar, hours: undefined };
    expect(decideFollowUp(policy, factsOf({}, { handoff }), startedAt, always)?.dueAt).toBe('2026-11-24T22:05:00.000Z');
  });

  it('is written by a rule, from the start of the conversation', () => {
    expect(decideFollowUp(policy, factsOf({ status: 'missed' }), startedAt, calendar)).toEqual({
      dueAt: '2026-11-25T14:40:00.000Z',
      priority: 'medium',
      rule: 'for status missed',
    });
    expect(decideFollowUp(policy, factsOf(), startedAt, calendar)).toBeUndefined();
  });

  it('for a request may be due otherwise by rule, and is never taken away', () => {
    const late = factsOf({}, { handoff, afterHours: true });
    expect(decideFollowUp(policy, late, startedAt, { ...calendar, hours: undefined })).toMatchObject({
      dueAt: '2026-11-24T22:20:00.000Z',
    });
    expect(decideFollowUp(policy, factsOf({}, { afterHours: true }), startedAt, calendar)).toBeUndefined();
  });
});
