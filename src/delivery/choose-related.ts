import type { AssociationPolicy } from '../domain/association-policy.ts';
import type { CrmFailure, RelatedAnswer, RelatedKind, RelatedRecord } from '../domain/crm.ts';
import type { RelatedPlan, WrittenRecord } from '../domain/plan.ts';

export interface RelatedChoice {
  readonly related: readonly RelatedPlan[];
  readonly warnings: readonly string[];
}

/**
 * Chooses what an activity or a task is put on beside its person. Kind by kind in the policy's order; where there is room
 * for one only, the first kind that has a record takes it. Pure and total.
 *
 * @param found undefined when nobody asked: what was linked before stays.
 */
export function chooseRelated(
  found: RelatedAnswer | undefined,
  written: WrittenRecord | undefined,
  { policy, hasOnePlace }: { readonly policy: AssociationPolicy; readonly hasOnePlace: boolean },
): RelatedChoice {
  if (found === undefined) return { related: asBefore(written), warnings: [] };
  if (found.kind === 'could_not_check') {
    return { related: [], warnings: [notLookedFor(found.failure)] };
  }
  const related: RelatedPlan[] = [];
  for (const kind of policy.with) {
    const plan = chooseOfKind(kind, found.records, policy);
    related.push(plan);
    if (hasOnePlace && plan.action === 'link') break;
  }
  return { related, warnings: (found.unread ?? []).map(notLookedFor) };
}

function notLookedFor({ code }: CrmFailure): string {
  return `related records could not be looked for (${code})`;
}

function asBefore(written: WrittenRecord | undefined): readonly RelatedPlan[] {
  return (written?.relatedTo ?? []).map((ref) => ({ action: 'link', ref, rule: 'as it was written before' }));
}

/** The connector answers the newest change first. */
function chooseOfKind(
  kind: RelatedKind,
  records: readonly RelatedRecord[],
  { several }: AssociationPolicy,
): RelatedPlan {
  const [latest, ...others] = records.filter((record) => record.kind === kind);
  if (latest === undefined) return { action: 'none', kind, rule: `the person has no ${wordFor(kind)}` };
  if (others.length === 0) return { action: 'link', ref: latest.ref, rule: `the person's only ${wordFor(kind)}` };
  const count = `${others.length + 1} of kind ${kind}`;
  return several === 'none'
    ? { action: 'none', kind, rule: `${count}; policy: none` }
    : { action: 'link', ref: latest.ref, rule: `${count}; the one changed last (policy)` };
}

/** Closed ones are no answers; a company is never closed. */
function wordFor(kind: RelatedKind): string {
  switch (kind) {
    case 'company':
    case 'account':
      return kind;
    case 'deal':
    case 'ticket':
    case 'opportunity':
    case 'case':
      return `open ${kind}`;
  }
}
