import type { PersonRead, PersonWrite, RecordRef, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { PERSON_KEY, PERSON_OBJECTS } from './fields.ts';
import type { Intent } from './prepare-person.ts';
import { readPeople } from './read-people.ts';
import type { Schema } from './schema.ts';
import { readContactsOf, type ContactsByAccount } from './write-person-accounts.ts';
import { writePeople, type PersonMeans } from './write-people.ts';

const USED = 'a duplicate rule named an existing record, which was used';

/** Somebody who could not be created because a duplicate rule knows him already. */
export interface Duplicate {
  readonly write: PersonWrite;
  readonly records: readonly RecordRef[];
}

/**
 * Who a duplicate rule takes for exactly one person is that person: what is empty there is filled, our key included, and
 * what is there stays, since nobody has looked at it before. Several are left to a look-up or a person.
 *
 * @returns results of those it could decide
 */
export async function useDuplicates(
  session: ApiSession,
  schema: Schema,
  duplicates: readonly Duplicate[],
  means: PersonMeans,
): Promise<ReadonlyMap<PersonWrite, WriteResult>> {
  const single = await singlePeople(session, schema, duplicates);
  const fields = [...new Set(single.flatMap(({ write }) => Object.keys(write.fields))), PERSON_KEY];
  const reads = await readPeople(
    session,
    schema,
    single.map(({ ref }) => ref),
    fields,
    means.accounts,
  );
  const results = new Map<PersonWrite, WriteResult>();
  const filling = new Map<string, Intent>();
  const found = single.flatMap(({ write }, index) => {
    const read = reads[index];
    return read?.kind === 'present' ? [{ write, read }] : [];
  });
  const accounts = await means.accounts.find(session, personAccountsOf(schema, found));
  for (const { write, read } of found) {
    results.set(write, { kind: 'written', ref: read.ref, created: false, warnings: [USED] });
    const empty = Object.fromEntries(Object.entries(write.fields).filter(([name]) => read.fields[name] === undefined));
    const withKey = read.fields[PERSON_KEY] === undefined;
    // Two callers may turn out to be one person: a call takes each record once.
    if ((Object.keys(empty).length === 0 && !withKey) || filling.has(read.ref.id)) continue;
    const accountId = accounts.accountOf(read.ref.id);
    filling.set(read.ref.id, { write: { key: write.key, ref: read.ref, fields: empty }, withKey, accountId });
  }
  const written = await writePeople(session, schema, [...filling.values()], means);
  for (const { write, read } of found) {
    const intent = filling.get(read.ref.id);
    const result = intent === undefined ? undefined : written.get(intent)?.result;
    if (result?.kind === 'refused') results.set(write, result);
    else if (result !== undefined) results.set(write, { ...result, warnings: [USED, ...(result.warnings ?? [])] });
  }
  return results;
}

function personAccountsOf(
  { personAccounts }: Schema,
  found: readonly { readonly read: Extract<PersonRead, { kind: 'present' }> }[],
): readonly string[] {
  if (personAccounts === undefined) return [];
  return found.flatMap(({ read }) => (read.ref.object === 'Contact' ? [read.ref.id] : []));
}

interface SinglePerson {
  readonly write: PersonWrite;
  readonly ref: RecordRef;
}

async function singlePeople(
  session: ApiSession,
  { personAccounts }: Schema,
  duplicates: readonly Duplicate[],
): Promise<readonly SinglePerson[]> {
  const contacts: ContactsByAccount = new Map();
  const accountIds = duplicates.flatMap(({ records }) =>
    records.flatMap(({ object, id }) => (object === 'Account' ? [id] : [])),
  );
  if (personAccounts !== undefined && accountIds.length > 0) await readContactsOf(session, accountIds, contacts);
  return duplicates.flatMap(({ write, records }) => {
    const people = records.flatMap((record) => personOf(record, contacts));
    const [only, ...others] = new Map(people.map((person) => [person.id, person])).values();
    return only === undefined || others.length > 0 ? [] : [{ write, ref: only }];
  });
}

/** Companies are not people; a person account is known by its contact. */
function personOf({ object, id }: RecordRef, contacts: ContactsByAccount): readonly RecordRef[] {
  if (object === 'Account') {
    const contact = contacts.get(id);
    return contact === undefined ? [] : [{ object: 'Contact', id: contact }];
  }
  return PERSON_OBJECTS.some((name) => name === object) ? [{ object, id }] : [];
}
