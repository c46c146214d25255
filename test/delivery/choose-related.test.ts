import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AssociationPolicy } from '../../src/domain/association-policy.ts';
import type { RelatedAnswer, RelatedKind, RelatedRecord } from '../../src/domain/crm.ts';
import type { RelatedPlan } from '../../src/domain/plan.ts';
import { chooseRelated } from '../../src/delivery/choose-related.ts';

const record = (kind: RelatedKind, id: string, day: number): RelatedRecord => ({
  kind,
  ref: { object: `${kind}s`, id },
  modifiedAt: `2026-03-0${day}T00:00:00Z`,
});

const answered = (...records: readonly RelatedRecord[]): RelatedAnswer => ({ kind: 'checked', records });

const policy = (several: 'latest' | 'none', ...kinds: readonly RelatedKind[]): AssociationPolicy => ({
  with: kinds,
  several,
});

function choose(found: RelatedAnswer | undefined, chosen: AssociationPolicy, hasOnePlace = false) {
  return chooseRelated(found, undefined, { policy: chosen, hasOnePlace });
}

const linked = (related: readonly RelatedPlan[]) =>
  related.flatMap((plan) => (plan.action === 'link' ? [plan.ref.id] : []));

describe('what a conversation is put on', () => {
  const one = answered(record('deal', '1', 1), record('company', '9', 1));
  const two = answered(record('deal', '2', 2), record('deal', '1', 1), record('ticket', '5', 1));

  it('is every kind of the policy that the person has, in its order, and nothing else', () => {
    const { related } = choose(one, policy('latest', 'company', 'ticket', 'deal'));
    expect(related).toEqual([
      { action: 'link', ref: { object: 'companys', id: '9' }, rule: "the person's only company" },
      { action: 'none', kind: 'ticket', rule: 'the person has no open ticket' },
      { action: 'link', ref: { object: 'deals', id: '1' }, rule: "the person's only open deal" },
    ]);
    expect(linked(choose(one, policy('latest', 'ticket')).related)).toEqual([]);
  });

  it('is the one of several that was changed last, or none of them', () => {
    expect(choose(two, policy('latest', 'deal')).related).toEqual([
      { action: 'link', ref: { object: 'deals', id: '2' }, rule: '2 of kind deal; the one changed last (policy)' },
    ]);
    expect(choose(two, policy('none', 'deal')).related).toEqual([
      { action: 'none', kind: 'deal', rule: '2 of kind deal; policy: none' },
    ]);
  });

  it('is the first kind that has a record where there is room for one', () => {
    expect(linked(choose(two, policy('latest', 'deal', 'ticket'), true).related)).toEqual(['2']);
    expect(linked(choose(two, policy('none', 'deal', 'ticket'), true).related)).toEqual(['5']);
    expect(linked(choose(two, policy('latest', 'company', 'ticket'), true).related)).toEqual(['5']);
  });

  it('is what it was put on before when nobody looked again', () => {
    const ref = { object: 'deals', id: '7' };
    const written = { ref: { object: 'calls', id: '1' }, fields: {}, linkedTo: undefined, relatedTo: [ref] };
    const before = chooseRelated(undefined, written, { policy: policy('latest', 'deal'), hasOnePlace: false });
    expect(before.related).toEqual([{ action: 'link', ref, rule: 'as it was written before' }]);
    expect(choose(undefined, policy('latest', 'deal'))).toEqual({ related: [], warnings: [] });
  });

  it('is nothing, with a remark, when the CRM would not say', () => {
    const failure = {
      disposition: 'reconnect',
      code: 'hubspot.MISSING_SCOPES',
      status: 403,
      retryAfterMs: undefined,
      field: undefined,
      vendorText: undefined,
    } as const;
    expect(choose({ kind: 'could_not_check', failure }, policy('latest', 'deal'))).toEqual({
      related: [],
      warnings: ['related records could not be looked for (hubspot.MISSING_SCOPES)'],
    });
  });

  it('never is more than one of a kind, nor more than one where there is room for one', () => {
    const kind = fc.constantFrom<RelatedKind>('deal', 'ticket', 'company');
    const modifiedAt = fc.option(fc.string(), { nil: undefined });
    const records = fc.array(
      fc
        .record({ kind, id: fc.string(), modifiedAt })
        .map(({ id, ...one }) => ({ ...one, ref: { object: one.kind, id } })),
    );
    const chosen = fc.record({ with: fc.uniqueArray(kind), several: fc.constantFrom('latest', 'none') });
    fc.assert(
      fc.property(records, chosen, (found, { with: kinds, several }) => {
        const countOf = (each: RelatedKind) => found.filter((one) => one.kind === each).length;
        const expected = kinds.filter((each) => (several === 'latest' ? countOf(each) > 0 : countOf(each) === 1));
        const kindsOf = (hasOnePlace: boolean) =>
          choose(answered(...found), { with: kinds, several }, hasOnePlace).related.flatMap((plan) =>
            plan.action === 'link' ? [plan.ref.object] : [],
          );
        expect(kindsOf(false)).toEqual(expected);
        expect(kindsOf(true)).toEqual(expected.slice(0, 1));
      }),
      { numRuns: 500 },
    );
  });
});
