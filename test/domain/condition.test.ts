import { describe, expect, it } from '@jest/globals';
import { conditionSchema, describeCondition, holds } from '../../src/domain/condition.ts';
import { factsOf } from './condition-facts.ts';

const isTrue = (condition: unknown, of = factsOf()) => holds(conditionSchema.parse(condition), of);

describe('a condition', () => {
  it.each([
    { channel: 'Voice' },
    { channel: ['sms', 'voice'] },
    { direction: 'inbound', status: 'completed' },
    { intent: ['quote', 'booking'] },
    { agent: 'ag_front' },
    { tag: 'vip' },
    { caller: 'identified' },
    { numberStartsWith: ['+44', '+1415'] },
    { businessNumber: '+14155550199' },
    { durationAtLeast: 42 },
    { durationBelow: 43 },
    { handoff: false, afterHours: false, repeatCaller: false },
  ])('%j holds', (condition) => {
    expect(isTrue(condition)).toBe(true);
  });

  it.each([
    { channel: 'sms' },
    { direction: 'outbound' },
    { channel: 'voice', status: 'missed' },
    { language: 'en' },
    { tag: ['autumn'] },
    { caller: ['withheld', 'unidentified'] },
    { numberStartsWith: '+1212' },
    { durationAtLeast: 42.1 },
    { durationBelow: 42 },
    { handoff: true },
    { afterHours: true },
    { repeatCaller: true },
  ])('%j does not', (condition) => {
    expect(isTrue(condition)).toBe(false);
  });

  it('about what the source has not got does not hold', () => {
    const without = factsOf({ durationSeconds: undefined, caller: { number: 'anonymous' } });
    for (const condition of [{ durationBelow: 10 }, { durationAtLeast: 0 }, { numberStartsWith: '+1' }])
      expect(isTrue(condition, without)).toBe(false);
  });

  it('reads as a person would say it', () => {
    const condition = conditionSchema.parse({ channel: ['sms', 'chat'], durationBelow: 10, repeatCaller: false });
    expect(describeCondition(condition)).toBe('channel sms or chat, duration below 10 s, repeat caller no');
  });

  it.each([
    [{}, 'names nothing'],
    [{ chanel: 'voice' }, 'chanel'],
    [{ numberStartsWith: '415' }, 'country code'],
    [{ channel: [] }, '>=1'],
    [{ durationBelow: 0 }, '>0'],
  ])('that is %j is refused', (condition, says) => {
    const result = conditionSchema.safeParse(condition);
    expect(JSON.stringify(result.error?.issues)).toContain(says);
  });
});
