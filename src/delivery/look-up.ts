import type { CallContext, Connector } from '../../connectors/connector.ts';
import type { PersonKey } from '../domain/caller.ts';
import type { Connection } from '../domain/connection.ts';
import type { CrmFailure, PersonQuery, PersonRead, PersonSearch, RecordRef } from '../domain/crm.ts';
import { crmFailed, settledAs } from '../domain/outcome.ts';
import type { TracedLookUp } from '../domain/trace.ts';
import { choosePerson } from './choose-person.ts';
import type { PrepareDependencies } from './dependencies.ts';
import { ownerFieldsToRead } from './find-owners.ts';
import { linkedPerson } from './linked-person.ts';
import {
  settle,
  split,
  type Loaded,
  type LookedUp,
  type PersonChoice,
  type Settled,
  type StepResult,
} from './steps.ts';
import { takeChoices, type TakenChoice } from './take-choices.ts';

/**
 * Decides whose timeline each conversation belongs on. Asked in this order: what a person chose for it; the record
 * this conversation was already linked to; our index of people, verified in the CRM; the CRM's search. The index comes
 * before the search because a search may not show for seconds what was written just now, and two calls from one new
 * number must make one person.
 */
export async function lookUp(
  deps: PrepareDependencies,
  connection: Connection,
  connector: Connector,
  loaded: readonly Loaded[],
  context: CallContext,
): Promise<StepResult<LookedUp>> {
  const fields = fieldsThatDecide(deps, connection, loaded);
  const choices = await takeChoices(deps, connection, connector, loaded, context);
  const open = loaded.filter((item) => linkedPerson(item) === undefined && !isDecided(choices.get(item)));
  const queries = uniqueQueries(open);
  const searchable = uniqueQueries(open.filter((item) => choices.get(item)?.kind !== 'create'));
  const remembered = await readRemembered(deps, connection, connector, { loaded, queries, fields }, context);
  const unanswered = searchable.filter((query) => remembered.get(query.key)?.kind !== 'present');
  const toSearch = unanswered.filter((query) => remembered.get(query.key)?.kind !== 'could_not_check');
  const answers = toSearch.length === 0 ? [] : await connector.lookUpPeople(toSearch, fields, context);
  const searched = new Map(toSearch.map((query, index) => [query.key, answers[index]]));

  return split(
    loaded.map((item): LookedUp | Settled => {
      const choice = choices.get(item);
      if (isDecided(choice)) return fromChoice(deps, item, choice);
      const written = linkedPerson(item);
      if (written !== undefined) return alreadyWritten(item, written);
      if (item.caller.kind !== 'identified') return nobodyToFind(item);
      const known = remembered.get(item.caller.key);
      const answer = known?.kind === 'could_not_check' ? known : searched.get(item.caller.key);
      const result =
        known?.kind === 'present'
          ? fromIndex(item, known)
          : choice?.kind === 'create' && known?.kind !== 'could_not_check'
            ? asNewPerson(item, choice.rule)
            : fromSearch(deps, connection, item, answer);
      return choice?.kind === 'void' ? { ...result, warnings: [choice.warning] } : result;
    }),
  );
}

/** Present values matter only to modes that look at them, and to whoever is given what the person's owner has. */
function fieldsThatDecide(
  deps: PrepareDependencies,
  connection: Connection,
  loaded: readonly Loaded[],
): readonly string[] {
  const { person } = deps.mappingFor(connection);
  const compared = person.filter((rule) => rule.mode !== 'create_only').map((rule) => rule.field);
  return [...new Set([...compared, ...ownerFieldsToRead(connection.configuration, loaded)])];
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
  deps: PrepareDependencies,
  connection: Connection,
  connector: Connector,
  asked: {
    readonly loaded: readonly Loaded[];
    readonly queries: readonly PersonQuery[];
    readonly fields: readonly string[];
  },
  context: CallContext,
): Promise<ReadonlyMap<PersonKey, PersonRead>> {
  const known = new Map(
    asked.loaded.flatMap(({ caller, remembered }) =>
      caller.kind === 'identified' && remembered !== undefined ? [[caller.key, remembered]] : [],
    ),
  );
  const entries = asked.queries.flatMap(({ key }) => {
    const ref = known.get(key);
    return ref === undefined ? [] : ([[key, ref]] as const);
  });
  if (entries.length === 0) return new Map();
  const reads = await connector.readPeople(
    entries.map(([, ref]) => ref),
    asked.fields,
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

/** Choices that leave nothing to look for. */
function isDecided(
  choice: TakenChoice | undefined,
): choice is Exclude<TakenChoice, { kind: 'create' } | { kind: 'void' }> {
  return choice !== undefined && choice.kind !== 'create' && choice.kind !== 'void';
}

/**
 * The chosen record itself is left as it is: a write would put our key on it, and with the key every later conversation
 * of the caller, whether that was chosen or not, and still when the choice is taken back.
 */
function fromChoice(
  deps: PrepareDependencies,
  item: Loaded,
  choice: Exclude<TakenChoice, { kind: 'create' } | { kind: 'void' }>,
): LookedUp | Settled {
  switch (choice.kind) {
    case 'could_not_check':
      return couldNotCheck(deps, item, choice.failure);
    case 'skip': {
      const { rule } = choice;
      return decided(item, { kind: 'nobody', rule, reason: 'skipped_by_person' }, notSearched(rule));
    }
    case 'matched': {
      const { ref, rule } = choice;
      const lookUp = { by: 'choice', outcome: 'found', candidates: [{ ref, matchedBy: 'choice' }], rule } as const;
      return { ...item, choice: { kind: 'matched', ref, fields: undefined, rule }, lookUp };
    }
  }
}

function asNewPerson(item: Loaded, rule: string): LookedUp {
  return { ...item, choice: { kind: 'create', rule }, lookUp: notSearched(rule) };
}

function notSearched(rule: string): TracedLookUp {
  return { by: 'choice', outcome: 'not_searched', candidates: [], rule };
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
  deps: PrepareDependencies,
  connection: Connection,
  item: Loaded,
  answer: PersonSearch | Extract<PersonRead, { kind: 'could_not_check' }> | undefined,
): LookedUp | Settled {
  if (answer === undefined) throw new TypeError('the connector answered fewer queries than it was asked');
  if (answer.kind === 'could_not_check') return couldNotCheck(deps, item, answer.failure);
  const choice = choosePerson(answer.candidates, connection.configuration, item.judgement.facts);
  const traced: TracedLookUp = {
    by: 'search',
    outcome: outcomeOf(choice, answer.candidates.length),
    candidates: answer.candidates.map(({ ref, matchedBy }) => ({ ref, matchedBy })),
    rule: choice.rule,
  };
  return decided(item, choice, traced);
}

/** For nobody nothing is written, but the task of somebody who asked to be called back. */
function decided(item: Loaded, choice: PersonChoice, lookUp: TracedLookUp): LookedUp | Settled {
  if (choice.kind === 'nobody' && item.known.handoff === undefined) {
    return settle(item, settledAs(choice.reason), { lookUp });
  }
  return withoutPersonlessTask({ ...item, choice, lookUp });
}

/** A task for nobody in particular is of use only where somebody asked to be called back. */
function withoutPersonlessTask(item: LookedUp): LookedUp {
  const { choice, known, judgement } = item;
  if (choice.kind !== 'log_without_person' || known.handoff !== undefined) return item;
  return { ...item, judgement: { ...judgement, followUp: undefined } };
}

/** A look-up that could not be made creates nobody: the conversation waits. */
function couldNotCheck(deps: PrepareDependencies, item: Loaded, failure: CrmFailure): Settled {
  return settle(item, crmFailed(item.row, failure, deps.now(), deps.policy), {
    lookUp: { by: 'search', outcome: 'could_not_check', candidates: [], rule: `could not check: ${failure.code}` },
    failures: [failure],
  });
}

function outcomeOf(choice: PersonChoice, candidates: number): TracedLookUp['outcome'] {
  if (candidates === 0) return 'none';
  return choice.kind === 'nobody' ? 'ambiguous' : 'found';
}
