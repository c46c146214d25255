import { describe, expect, it } from '@jest/globals';
import { effectOf } from '../../src/admin/services/plan-effect.ts';
import { previewed } from './previewed.ts';

describe('the effect of plans', () => {
  it('of no conversation is nothing', () => {
    expect(effectOf([])).toMatchObject({ conversations: 0, outcomes: [], fields: [], unchecked: [], fromSnapshots: 0 });
  });

  it('counts somebody new once, however many conversations there are of one caller', () => {
    const numbers = ['+15550000001', '+15550000001', '+15550000002'];
    const { people } = effectOf([
      ...numbers.map((creates, index) => previewed(`conv_${index}`, { creates })),
      previewed('conv_kept'),
    ]);
    expect(people).toEqual({ create: 2, update: 0, keep: 1 });
  });

  it('counts records and outcomes, the most frequent outcome first, and leaves out what could not be checked', () => {
    const effect = effectOf([
      previewed('conv_1', { reason: 'nothing_to_change' }),
      previewed('conv_2', { call: { title: 'a' } }),
      previewed('conv_3', { call: { title: 'b' } }),
      previewed('conv_4', { failure: 'hubspot.HTTP_503' }),
      previewed('conv_5', { failure: 'hubspot.HTTP_503' }),
      previewed('conv_6', { reason: 'caller_withheld', planned: false }),
    ]);
    expect(effect).toMatchObject({
      conversations: 6,
      activities: { write: 2, keep: 1 },
      tasks: { write: 0, keep: 0 },
      outcomes: [
        { state: 'synced', reason: 'written', conversations: 2 },
        { state: 'synced', reason: 'nothing_to_change', conversations: 1 },
        { state: 'skipped', reason: 'caller_withheld', conversations: 1 },
      ],
      unchecked: [{ code: 'hubspot.HTTP_503', conversations: 2 }],
    });
  });

  it('names each field that would be written, with three examples at most', () => {
    const { fields } = effectOf([
      ...[1, 2, 3, 4].map((n) => previewed(`conv_${n}`, { call: { title: `title ${n}` } })),
      previewed('conv_5', { call: { body: 'text' }, creates: '+15550000001' }),
    ]);
    expect(fields.map(({ record, field, conversations }) => [record, field, conversations])).toEqual([
      ['call', 'title', 4],
      ['person', 'phone', 1],
      ['call', 'body', 1],
    ]);
    expect(fields[0]?.examples.map(({ conversationId, to }) => [conversationId, to])).toEqual([
      ['conv_1', 'title 1'],
      ['conv_2', 'title 2'],
      ['conv_3', 'title 3'],
    ]);
  });

  it('counts warnings, and what was read from the stored snapshots', () => {
    const effect = effectOf([
      previewed('conv_1', { warnings: ['title: shortened'], readFrom: 'snapshot' }),
      previewed('conv_2', { warnings: ['title: shortened', 'status: unknown'] }),
    ]);
    expect(effect.warnings).toEqual([
      { warning: 'title: shortened', conversations: 2 },
      { warning: 'status: unknown', conversations: 1 },
    ]);
    expect(effect.fromSnapshots).toBe(1);
  });
});
