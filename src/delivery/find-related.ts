import type { CallContext, Connector } from '../../connectors/connector.ts';
import { HAS_ONE_PLACE } from '../domain/association-policy.ts';
import { associationPolicyOf, type ConnectionConfiguration } from '../domain/configuration.ts';
import type { RecordRef, RelatedAnswer, RelatedQuery } from '../domain/crm.ts';
import type { WrittenRecord } from '../domain/plan.ts';
import type { Found } from './find-owners.ts';
import { isWorthWaitingFor } from './optional-failure.ts';
import type { LookedUp, Part, RelatedFacts } from './steps.ts';

/**
 * Asks the CRM in one call what else the people of the batch have. Only people who were found have anything, and what was
 * written before stays where it is, unless it comes back after a failure: that may have been about just this.
 */
export async function findRelated(
  connector: Pick<Connector, 'findRelated'>,
  configuration: ConnectionConfiguration,
  items: readonly LookedUp[],
  context: CallContext,
): Promise<(item: LookedUp) => Found<RelatedFacts>> {
  const { with: kinds } = associationPolicyOf(configuration);
  const hasOnePlace = HAS_ONE_PLACE[configuration.crm];
  const queries = new Map<string, RelatedQuery>();
  for (const item of items) {
    const { choice } = item;
    if (kinds.length === 0 || choice.kind !== 'matched') continue;
    if (isOpen(item, 'activity', hasOnePlace) || isOpen(item, 'task', hasOnePlace)) {
      queries.set(personKey(choice.ref), { person: choice.ref, kinds });
    }
  }
  const asked = [...queries.values()];
  const answers = asked.length === 0 ? [] : await connector.findRelated(asked, context);
  if (answers.length !== asked.length) {
    throw new TypeError(`the connector answered ${answers.length} of ${asked.length} people`);
  }
  const byPerson = new Map([...queries.keys()].map((key, index) => [key, answers[index]]));
  return (item) => {
    const answer = item.choice.kind === 'matched' ? byPerson.get(personKey(item.choice.ref)) : undefined;
    if (answer?.kind === 'could_not_check' && isWorthWaitingFor(answer.failure)) {
      return { kind: 'wait', failure: answer.failure };
    }
    return { kind: 'found', facts: factsOf(item, answer, hasOnePlace) };
  };
}

function factsOf(item: LookedUp, answer: RelatedAnswer | undefined, hasOnePlace: boolean): RelatedFacts {
  return {
    activity: isOpen(item, 'activity', hasOnePlace) ? answer : undefined,
    task: isOpen(item, 'task', hasOnePlace) ? answer : undefined,
  };
}

/** Whether it is still to be decided what the record is put on. */
function isOpen({ judgement, row }: LookedUp, part: Part, hasOnePlace: boolean): boolean {
  if (part === 'task' && judgement.followUp === undefined) return false;
  const record: WrittenRecord | undefined = row.written[part];
  if (record === undefined) return true;
  const isTaken = hasOnePlace && (record.relatedTo ?? []).length > 0;
  return row.attempts > 0 && !isTaken;
}

function personKey({ object, id }: RecordRef): string {
  return `${object}:${id}`;
}
