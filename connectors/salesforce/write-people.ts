import type { RecordRef, WriteResult } from '../../src/domain/crm.ts';
import type { AccountsOfPeople } from './accounts-of-people.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import type { RowWriter } from './bulk/row-writer.ts';
import { warningsOf, writeTolerantly, type TolerantOutcome } from './dispensable-fields.ts';
import type { CreatedAs } from './fields.ts';
import { preparePerson, type Intent, type Ready } from './prepare-person.ts';
import type { Schema } from './schema.ts';
import { readContactsOf, writePersonAccounts, type ContactsByAccount } from './write-person-accounts.ts';

/** What became of an intent, and whom a duplicate rule takes for him. */
export interface PersonOutcome {
  readonly result: WriteResult;
  readonly duplicates: readonly RecordRef[];
}

export interface PersonMeans {
  readonly createAs: CreatedAs;
  readonly accounts: AccountsOfPeople;
  readonly write: RowWriter;
}

/** Writes people, each as the kind of record he is: one call for all updates, one for all that is found by key. */
export async function writePeople(
  session: ApiSession,
  schema: Schema,
  intents: readonly Intent[],
  { createAs, accounts, write }: PersonMeans,
): Promise<ReadonlyMap<Intent, PersonOutcome>> {
  const results = new Map<Intent, PersonOutcome>();
  const prepared = intents.flatMap((intent) => {
    const outcome = preparePerson(schema, intent, createAs);
    if (outcome.kind === 'ready') return [outcome];
    results.set(intent, { result: outcome, duplicates: [] });
    return [];
  });
  // Sorted by kind: Salesforce works through rows of one kind at a time, and a call of updates may hold several.
  for (const [, group] of Map.groupBy(prepared.toSorted(byObject), ({ collection }) => collection.kind)) {
    const contacts: ContactsByAccount = new Map();
    const outcomes = await writeGroup(session, group, contacts, write);
    group.forEach((ready, index) => {
      const outcome = outcomes[index];
      if (outcome !== undefined) results.set(ready.intent, toOutcome(ready, outcome, contacts, accounts));
    });
  }
  return results;
}

async function writeGroup(
  session: ApiSession,
  group: readonly Ready[],
  contacts: ContactsByAccount,
  write: RowWriter,
): Promise<readonly TolerantOutcome[]> {
  const [first] = group;
  if (first === undefined) return [];
  const { collection, essential } = first;
  const makesAccounts = isNewAccount(first);
  const outcomes = await writeTolerantly(
    group.map(({ payload }) => payload),
    makesAccounts ? essential : NOTHING,
    (payloads) =>
      makesAccounts ? writePersonAccounts(session, collection, payloads, contacts) : write(collection, payloads),
  );
  const made = outcomes.flatMap(({ outcome }) => (makesAccounts && outcome.kind === 'done' ? [outcome.id] : []));
  if (made.length > 0) await readContactsOf(session, made, contacts);
  return outcomes;
}

const NOTHING: ReadonlySet<string> = new Set();

/** Those who are found by key or created are all of one kind. */
function isNewAccount({ collection, payload }: Ready): boolean {
  return collection.kind !== 'update' && kindOf(payload) === 'Account';
}

function toOutcome(
  ready: Ready,
  written: TolerantOutcome,
  contacts: ContactsByAccount,
  accounts: AccountsOfPeople,
): PersonOutcome {
  const { outcome } = written;
  if (outcome.kind === 'refused') {
    const { failure: reason, duplicates = [] } = outcome;
    return { result: { kind: 'refused', failure: reason }, duplicates };
  }
  const id = isNewAccount(ready) ? contacts.get(outcome.id) : (ready.intent.write.ref?.id ?? outcome.id);
  // Created, but on whose timeline the task goes is not known: the next try finds him by his key.
  if (id === undefined) {
    return { result: { kind: 'refused', failure: failure('retry', failureCode('NO_RESULT')) }, duplicates: [] };
  }
  if (isNewAccount(ready)) accounts.note({ Id: id, IsPersonAccount: true, AccountId: outcome.id });
  const warnings = [...ready.warnings, ...warningsOf(written)];
  const ref = { object: ready.toldAs, id };
  const told = warnings.length === 0 ? {} : { warnings };
  return { result: { kind: 'written', ref, created: outcome.created, ...told }, duplicates: [] };
}

function byObject(a: Ready, b: Ready): number {
  return kindOf(a.payload).localeCompare(kindOf(b.payload));
}

function kindOf({ attributes }: Ready['payload']): string {
  // Every payload is made with its kind.
  return (attributes as { readonly type: string }).type;
}
