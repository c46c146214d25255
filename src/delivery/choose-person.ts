import type { ConditionFacts } from '../domain/condition.ts';
import type { ConnectionConfiguration } from '../domain/configuration.ts';
import type { Candidate } from '../domain/crm.ts';
import { decideUnknownCaller } from '../domain/unknown-caller-policy.ts';
import type { PersonChoice } from './steps.ts';

type Policies = Pick<ConnectionConfiguration, 'matching' | 'unknownCaller'>;

/**
 * Chooses among people who were verified to have the number. One is a match; none is up to the unknown-caller policy;
 * several are never guessed at: the one who carries our key wins, else the policy says how, else a person decides.
 */
export function choosePerson(found: readonly Candidate[], policies: Policies, facts: ConditionFacts): PersonChoice {
  const bestRank = Math.min(...found.map((candidate) => candidate.rank));
  const candidates = found.filter((candidate) => candidate.rank === bestRank);
  const [first, ...others] = candidates;
  if (first === undefined) return unknown(policies, facts);
  if (others.length === 0) return matched(first, `matched by ${first.matchedBy}`);
  const holder = candidates.find((candidate) => candidate.holdsKey);
  if (holder !== undefined) return matched(holder, `${candidates.length} candidates; one carries our person key`);
  switch (policies.matching.ambiguous) {
    case 'most_recently_modified':
      return matched(mostRecent(first, others), `${candidates.length} candidates; the one changed last (policy)`);
    case 'review':
      return { kind: 'nobody', rule: `${candidates.length} candidates; policy: review`, reason: 'ambiguous_caller' };
  }
}

function unknown({ unknownCaller }: Policies, facts: ConditionFacts): PersonChoice {
  const { action, rule: decided } = decideUnknownCaller(unknownCaller, facts);
  const rule = `nobody has this number; ${decided}`;
  switch (action) {
    case 'create':
    case 'log_without_person':
      return { kind: action, rule };
    case 'skip':
      return { kind: 'nobody', rule, reason: 'unknown_caller_policy' };
    case 'review':
      return { kind: 'nobody', rule, reason: 'unknown_caller_review' };
  }
}

function matched(candidate: Candidate, rule: string): PersonChoice {
  return { kind: 'matched', ref: candidate.ref, fields: candidate.fields, rule };
}

/** Ties end at the lower id, so that two runs choose alike. */
function mostRecent(first: Candidate, others: readonly Candidate[]): Candidate {
  return others.reduce((best, candidate) => {
    const [a, b] = [best.modifiedAt ?? '', candidate.modifiedAt ?? ''];
    return b > a || (b === a && candidate.ref.id < best.ref.id) ? candidate : best;
  }, first);
}
