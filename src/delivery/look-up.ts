import type { CallContext, Connector } from '../../connectors/connector.ts';
import type { PersonKey } from '../domain/caller.ts';
import type { Connection } from '../domain/connection.ts';
import type { CrmFailure, PersonQuery, PersonRead, PersonSearch, RecordRef } from '../domain/crm.ts';
import { crmFailed, settledAs } from '../domain/outcome.ts';
import type { TracedLookUp } from '../domain/trace.ts';
import { choosePerson } from './choose-person.ts';
import type { DeliverDependencies } from './dependencies.ts';
import { ownerFieldsToRead } from './find-owners.ts';
import {
  settle,
  split,
  type Loaded,
  type LookedUp,
  type PersonChoice,
  type Settled,
  type StepResult,
} from './steps.ts';

/**
 * Decides whose timeline each conversation belongs on. Asked in this order: the record this conversation was already
 * linked to; our index of people, verified in the CRM; the CRM's search. The index comes before the search because a
 * search may not show for seconds what was written just now, and two calls from one new number must make one person.
 */
export async function lookUp(
  deps: DeliverDependencies,
  connection: Connection,
  connector: Connector,
  loaded: readonly Loaded[],
  context: CallContext,
): Promise<StepResult<LookedUp>> {
  const fields = fieldsThatDecide(deps, connection, loaded);
  const queries = uniqueQueries(loaded.filter((item) => linkedPerson(item) === undefined));
  const remembered = await readRemembered(deps, connection, connector, queries, fields, context);
  const unanswered = queries.filter((query) => remembered.get(query.key)?.kind !== 'present');
  const toSearch = unanswered.filter((query) => remembered.get(query.key)?.kind !== 'could_not_check');
  const answers = toSearch.length === 0 ? [] : await connector.lookUpPeople(toSearch, fields, context);
  const searched = new Map(toSearch.map((query, index) => [query.key, answers[index]]));

  return split(
    loaded.map((item): LookedUp | Settled => {
      const written = linkedPerson(item);
      if (written !== undefined) return alreadyWritten(item, written);
      if (item.caller.kind !== 'identified') return nobodyToFind(item);
      const known = remembered.get(item.caller.key);
      if (known?.kind === 'present') return fromIndex(item, known);
      const answer = known?.kind === 'could_not_check' ? known : searched.get(item.caller.key);
      return fromSearch(deps, connection, item, answer);
    }),
  );
}

/** Present values matter only to modes that look at them, and to whoever is given what the person's owner has. */
function fieldsThatDecide(
  deps: DeliverDependencies,
  connection: Connection,
  loaded: readonly Loaded[],
): readonly string[] {
  const { person } = deps.mappingFor(connection);
  const compared = person.filter((rule) => rule.mode !== 'create_only').map((rule) => rule.field);
  return [...new Set([...compared, ...ownerFieldsToRead(connection.configuration, loaded)])];
}

/**
 * The person on whose timeline this conversation already is. Not trusted after a failure: somebody may have deleted that
 * record, and the failure may be about just that.
 */
function linkedPerson({ row }: Loaded): RecordRef | undefined {
  return row.attempts === 0 ? row.written.activity?.linkedTo : undefined;
}

function uniqueQueries(items: readonly Loaded[]): readonly PersonQuery[] {
  const byKey = new Map<PersonKey, PersonQuery>();
  for (const { caller } of items) {
    if (caller.kind === 'identified')
      byKey.set(caller.key, { key: caller.key, phone: caller.phone, email: caller.email });
  }
  return [...byKey.values()];
}

async function readRemembered(
  deps: DeliverDependencies,
  connection: Connection,
  connector: Connector,
  queries: readonly PersonQuery[],
  fields: readonly string[],
  context: CallContext,
): Promise<ReadonlyMap<PersonKey, PersonRead>> {
  const keys = queries.map((query) => query.key);
  const entries = keys.length === 0 ? [] : [...(await deps.store.people.find(connection.id, keys))];
  if (entries.length === 0) return new Map();
  const reads = await connector.readPeople(
    entries.map(([, entry]) => entry.ref),
    fields,
    context,
  );
  const gone = entries.filter((_, index) => reads[index]?.kind === 'gone').map(([key]) => key);
  if (gone.length > 0) await deps.store.people.forget(connection.id, gone);
  return new Map(entries.flatMap(([key], index) => (reads[index] === undefined ? [] : [[key, reads[index]]])));
}

function alreadyWritten(item: Loaded, ref: RecordRef): LookedUp {
  const rule = 'this conversation is already on this timeline';
  return {
    ...item,
    choice: { kind: 'matched', ref, fields: undefined, rule },
    lookUp: { by: 'written', outcome: 'found', candidates: [{ ref, matchedBy: 'conversation' }], rule },
  };
}

/** Only conversations that ask for a person get here without an identity: the task is written, on nobody's timeline. */
function nobodyToFind(item: Loaded): LookedUp {
  const reason = item.caller.kind === 'withheld' ? 'caller_withheld' : 'no_caller_identity';
  return { ...item, choice: { kind: 'nobody', rule: 'no number and no e-mail address', reason }, lookUp: undefined };
}

function fromIndex(item: Loaded, read: Extract<PersonRead, { kind: 'present' }>): LookedUp {
  const rule = 'remembered from an earlier conversation and still in the CRM';
  return {
    ...item,
    choice: { kind: 'matched', ref: read.ref, fields: read.fields, rule },
    lookUp: { by: 'index', outcome: 'found', candidates: [{ ref: read.ref, matchedBy: 'index' }], rule },
  };
}

function fromSearch(
  deps: DeliverDependencies,
  connection: Connection,
  item: Loaded,
  answer: PersonSearch | Extract<PersonRead, { kind: 'could_not_check' }> | undefined,
): LookedUp | Settled {
  if (answer === undefined) throw new TypeError('the connector answered fewer queries than it was asked');
  if (answer.kind === 'could_not_check') return couldNotCheck(deps, item, answer.failure);
  const choice = choosePerson(answer.candidates, connection.configuration);
  const traced: TracedLookUp = {
    by: 'search',
    outcome: outcomeOf(choice, answer.candidates.length),
    candidates: answer.candidates.map(({ ref, matchedBy }) => ({ ref, matchedBy })),
    rule: choice.rule,
  };
  if (choice.kind === 'nobody' && item.known.handoff === undefined) {
    return settle(item, settledAs(choice.reason), { lookUp: traced });
  }
  return { ...item, choice, lookUp: traced };
}

/** A look-up that could not be made creates nobody: the conversation waits. */
function couldNotCheck(deps: DeliverDependencies, item: Loaded, failure: CrmFailure): Settled {
  return settle(item, crmFailed(item.row, failure, deps.now(), deps.policy), {
    lookUp: { by: 'search', outcome: 'could_not_check', candidates: [], rule: `could not check: ${failure.code}` },
    failures: [failure],
  });
}

function outcomeOf(choice: PersonChoice, candidates: number): TracedLookUp['outcome'] {
  if (candidates === 0) return 'none';
  return choice.kind === 'nobody' ? 'ambiguous' : 'found';
}
