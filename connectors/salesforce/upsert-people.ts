import type { PersonWrite, WriteResult } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import type { Intent } from './prepare-person.ts';
import type { Schema } from './schema.ts';
import { useDuplicates } from './use-duplicates.ts';
import { writePeople, type PersonMeans } from './write-people.ts';

/**
 * Known people are updated by id, which puts our key on them; others are found or created by that key. In an org without
 * the key field they are created: the look-up a moment before found nobody, and it reads what was written last. A person
 * account is written as the account, and told as its contact. Who a duplicate rule refuses is looked for in what it names.
 */
export async function upsertPeople(
  session: ApiSession,
  schema: Schema,
  writes: readonly PersonWrite[],
  means: PersonMeans,
): Promise<readonly WriteResult[]> {
  const contactIds = writes.flatMap(({ ref }) => (ref?.object === 'Contact' ? [ref.id] : []));
  const accounts = await means.accounts.find(session, schema.personAccounts === undefined ? [] : contactIds);
  const results = new Map<PersonWrite, WriteResult>();
  const intents = writes.flatMap((write): readonly Intent[] => {
    const unknown = write.ref === undefined ? undefined : accounts.failureOf(write.ref.id);
    if (unknown !== undefined) results.set(write, { kind: 'refused', failure: unknown });
    const accountId = write.ref === undefined ? null : accounts.accountOf(write.ref.id);
    return unknown === undefined ? [{ write, withKey: true, accountId }] : [];
  });
  const outcomes = await writePeople(session, schema, intents, means);
  for (const [{ write }, { result }] of outcomes) results.set(write, result);
  const duplicates = [...outcomes].flatMap(([{ write }, { duplicates: records }]) =>
    write.ref === undefined && records.length > 0 ? [{ write, records }] : [],
  );
  if (duplicates.length > 0) {
    for (const [write, result] of await useDuplicates(session, schema, duplicates, means)) results.set(write, result);
  }
  return writes.map((write) => results.get(write) ?? noResult());
}

function noResult(): WriteResult {
  return { kind: 'refused', failure: failure('retry', failureCode('NO_RESULT')) };
}
