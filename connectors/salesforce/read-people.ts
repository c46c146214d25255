import type { CrmFailure, PersonRead, RecordRef } from '../../src/domain/crm.ts';
import { textOf, type Row } from './answers.ts';
import type { AccountsOfPeople } from './accounts-of-people.ts';
import type { ApiSession } from './api.ts';
import { PERSON_OBJECTS, type PersonObject } from './fields.ts';
import { isConverted, presentFields } from './find-candidates.ts';
import { personFields, type PersonFields } from './person-fields.ts';
import { isRecordId, shortId } from './record-ids.ts';
import { runQueries } from './run-queries.ts';
import { notAccessible, type Schema } from './schema.ts';
import { slices } from '../transport/slices.ts';
import { isIn, select } from './soql.ts';

/** A lead that became a contact that was merged into another: rarely is the way longer than this. */
const LONGEST_TRAIL = 4;

/** Ids to a statement: some 10,000 characters. */
const IDS_PER_QUERY = 400;

/** Reads people by id, following leads to the contacts they became and duplicates to what they were merged into. */
export async function readPeople(
  session: ApiSession,
  schema: Schema,
  refs: readonly RecordRef[],
  fields: readonly string[],
  accounts: AccountsOfPeople,
): Promise<readonly PersonRead[]> {
  const answers = new Map<RecordRef, PersonRead>();
  let trails = refs.map((ref) => ({ from: ref, to: ref }));
  for (let step = 0; step < LONGEST_TRAIL && trails.length > 0; step += 1) {
    const targets = trails.map(({ to }) => to);
    const reading = await readRows(session, schema, targets, fields, accounts);
    const next: typeof trails = [];
    for (const { from, to } of trails) {
      const outcome = reading.outcomeOf(to);
      if (outcome.kind === 'moved') next.push({ from, to: outcome.to });
      else answers.set(from, outcome);
    }
    trails = next;
  }
  return refs.map((ref) => answers.get(ref) ?? { kind: 'gone' });
}

type Outcome = PersonRead | { readonly kind: 'moved'; readonly to: RecordRef };

interface Reading {
  outcomeOf(ref: RecordRef): Outcome;
}

async function readRows(
  session: ApiSession,
  schema: Schema,
  refs: readonly RecordRef[],
  asked: readonly string[],
  accounts: AccountsOfPeople,
): Promise<Reading> {
  const parts = PERSON_OBJECTS.flatMap((object) => {
    const described = schema.people[object];
    if (described === undefined) return [];
    const fields = personFields(object, described, [], asked);
    return slices(idsOf(refs, object), IDS_PER_QUERY).map((ids) => ({ fields, ids }));
  });
  // Deleted rows too, where they say what they were merged into.
  const results = await runQueries(
    session,
    parts.map(({ fields, ids }) => ({ soql: statement(fields, ids), all: fields.merge.length === 2 })),
  );
  const rows = new Map<string, { readonly row: Row; readonly fields: PersonFields }>();
  const failures = new Map<string, CrmFailure>();
  parts.forEach(({ fields, ids }, index) => {
    const result = results[index];
    for (const row of result?.kind === 'rows' ? result.rows : []) {
      rows.set(shortId(row.Id), { row, fields });
      if (fields.account.length > 0) accounts.note(row);
    }
    if (result?.kind === 'failed') for (const id of ids) failures.set(shortId(id), result.failure);
  });
  return {
    outcomeOf: ({ id, object }) => {
      const failure = failures.get(shortId(id)) ?? unseen(schema, object);
      if (failure !== undefined) return { kind: 'could_not_check', failure };
      const found = rows.get(shortId(id));
      return found === undefined ? { kind: 'gone' } : outcomeOfRow(found.row, found.fields);
    },
  };
}

/** Of an object that the user may not see nothing can be said, least of all that a record of it is gone. */
function unseen(schema: Schema, object: string): CrmFailure | undefined {
  const name = PERSON_OBJECTS.find((each) => each === object);
  return name === undefined || schema.people[name] !== undefined ? undefined : notAccessible(name);
}

function outcomeOfRow(row: Row, fields: PersonFields): Outcome {
  if (row.IsDeleted === true) {
    const master = textOf(row, 'MasterRecordId');
    return master === undefined ? { kind: 'gone' } : { kind: 'moved', to: { object: fields.object, id: master } };
  }
  if (isConverted(row)) {
    const contact = textOf(row, 'ConvertedContactId');
    return contact === undefined ? { kind: 'gone' } : { kind: 'moved', to: { object: 'Contact', id: contact } };
  }
  return { kind: 'present', ref: { object: fields.object, id: row.Id }, fields: presentFields(row, fields.asked) };
}

function statement(fields: PersonFields, ids: readonly string[]): string {
  return select({
    fields: ['Id', ...fields.merge, ...fields.conversion, ...fields.account, ...fields.asked],
    from: fields.object,
    where: isIn('Id', ids) ?? 'Id = null',
  });
}

/** One malformed id would fail the statement; a record with such an id is not there. */
function idsOf(refs: readonly RecordRef[], object: PersonObject): readonly string[] {
  const ids = refs.filter((ref) => ref.object === object && isRecordId(ref.id)).map(({ id }) => id);
  return [...new Set(ids)];
}
