import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differenceOf } from '../../src/admin/services/plan-difference.ts';
import { previewed, type SaidOfPreview } from './previewed.ts';

describe('the difference that a draft makes', () => {
  it('of a value is that field, with what either would write', () => {
    const difference = differenceOf(
      [previewed('conv_1', { call: { title: 'a', body: 'text' } }), previewed('conv_2', { call: { title: 'b' } })],
      [previewed('conv_1', { call: { title: 'A', body: 'text' } }), previewed('conv_2', { call: { title: 'b' } })],
    );
    expect(difference).toMatchObject({ compared: 2, changed: 1, records: [], outcomes: [] });
    expect(difference.fields).toEqual([
      {
        record: 'call',
        field: 'title',
        conversations: 1,
        examples: [{ conversationId: 'conv_1', present: 'a', draft: 'A' }],
      },
    ]);
  });

  it('of a field that one of them leaves alone is told from an empty one', () => {
    const { fields } = differenceOf(
      [previewed('conv_1', { call: { title: 'a' } })],
      [previewed('conv_1', { call: { title: 'a', body: 'new' } })],
    );
    expect(fields).toMatchObject([{ field: 'body', examples: [{ present: undefined, draft: 'new' }] }]);
    expect(Object.keys(fields[0]?.examples[0] ?? {})).toContain('present');
  });

  it('of records and outcomes is counted by what becomes what', () => {
    const { records, outcomes, changed } = differenceOf(
      [previewed('conv_1', { reason: 'nothing_to_change' }), previewed('conv_2', { reason: 'nothing_to_change' })],
      [previewed('conv_1', { call: { title: 'a' } }), previewed('conv_2', { call: { title: 'a' } })],
    );
    expect(changed).toBe(2);
    expect(records).toEqual([{ record: 'activity', present: 'keep', draft: 'upsert', conversations: 2 }]);
    expect(outcomes).toEqual([{ present: 'nothing_to_change', draft: 'written', conversations: 2 }]);
  });

  it('leaves out what could not be checked with both, and counts what fails with the draft only', () => {
    const difference = differenceOf(
      [previewed('conv_1', { failure: 'timeout' }), previewed('conv_2'), previewed('conv_3'), previewed('conv_4')],
      [previewed('conv_1'), previewed('conv_2', { failure: 'timeout' }), previewed('conv_3')],
    );
    expect(difference).toMatchObject({ compared: 1, changed: 0 });
    expect(difference.newFailures).toEqual([{ code: 'timeout', conversations: 1 }]);
  });

  it('counts warnings that the present mapping does not give for the same conversation', () => {
    const { newWarnings } = differenceOf(
      [previewed('conv_1', { warnings: ['old'] }), previewed('conv_2')],
      [previewed('conv_1', { warnings: ['old', 'new'] }), previewed('conv_2', { warnings: ['old'] })],
    );
    expect(newWarnings).toEqual([
      { warning: 'new', conversations: 1 },
      { warning: 'old', conversations: 1 },
    ]);
  });

  const value = fc.constantFrom('a', 'b', '');
  const said: fc.Arbitrary<SaidOfPreview> = fc.record(
    {
      call: fc.dictionary(fc.constantFrom('title', 'body', '__proto__'), value),
      creates: fc.constantFrom('+15550000001', '+15550000002'),
      failure: fc.constant('timeout'),
    },
    { requiredKeys: [] },
  );

  it('is none between equal plans, and of one field never more than the conversations that were compared', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(said, said), { maxLength: 8 }), (pairs) => {
        const present = pairs.map(([one], index) => previewed(`conv_${index}`, one));
        const draft = pairs.map(([, other], index) => previewed(`conv_${index}`, other));
        expect(differenceOf(present, present)).toMatchObject({ changed: 0, records: [], outcomes: [], fields: [] });
        const { compared, changed, fields } = differenceOf(present, draft);
        expect(changed).toBeLessThanOrEqual(compared);
        for (const { conversations } of fields) expect(conversations).toBeLessThanOrEqual(changed);
      }),
    );
  });
});
