import type { CrmFailure, RecordRead, RecordRef } from '../../src/domain/crm.ts';
import { readInParts } from '../transport/read-in-parts.ts';
import type { Row } from './answers.ts';
import type { ApiSession } from './api.ts';
import { presentFields } from './find-candidates.ts';
import { isRecordId, shortId } from './record-ids.ts';
import { runQueries, type QueryResult } from './run-queries.ts';
import type { Schema } from './schema.ts';
import { isIn, select } from './soql.ts';

/** Ids to a call: with a description of 32,000 characters each, their answer is some six megabytes. */
const TASKS_PER_CALL = 200;

/**
 * Reads tasks by id, one call for two hundred. Archived ones too: a year after it was done an activity is hidden from
 * ordinary queries. Fields that the user may not see are left out, as one unknown column would fail the query.
 */
export async function readTasks(
  session: ApiSession,
  { task }: Schema,
  refs: readonly RecordRef[],
  asked: readonly string[],
): Promise<readonly RecordRead[]> {
  const fields = asked.filter((field) => task.fields.has(field));
  const limits = Object.fromEntries(
    fields.flatMap((name) => {
      const { length = 0 } = task.fields.get(name) ?? {};
      return length > 0 ? [[name, length]] : [];
    }),
  );
  const ids = [...new Set(refs.filter(isTask).map(({ id }) => id))];
  const rows = new Map<string, Row>();
  const failures = new Map<string, CrmFailure>();
  for (const { part, result } of await readParts(session, ids, fields)) {
    if (result.kind === 'failed') for (const id of part) failures.set(shortId(id), result.failure);
    else for (const row of result.rows) rows.set(shortId(row.Id), row);
  }
  return refs.map((ref): RecordRead => {
    if (!isTask(ref)) return { kind: 'gone' };
    const failure = failures.get(shortId(ref.id));
    if (failure !== undefined) return { kind: 'could_not_check', failure };
    const row = rows.get(shortId(ref.id));
    if (row === undefined || row.IsDeleted === true) return { kind: 'gone' };
    return { kind: 'present', ref, fields: presentFields(row, fields), limits };
  });
}

interface Part {
  readonly part: readonly string[];
  readonly result: QueryResult;
}

function readParts(session: ApiSession, ids: readonly string[], fields: readonly string[]): Promise<readonly Part[]> {
  return readInParts<Part>(ids, {
    size: TASKS_PER_CALL,
    read: async (part) => {
      const where = isIn('Id', part) ?? 'Id = null';
      const soql = select({ fields: ['Id', 'IsDeleted', ...fields], from: 'Task', where });
      const [result] = await runQueries(session, [{ soql, all: true }]);
      if (result === undefined) throw new TypeError('one query has one result');
      return { part, result };
    },
    isTooLarge: ({ result }) => result.kind === 'failed' && result.failure.code === 'network.too_large',
  });
}

/** One malformed id would fail the statement; a record with such an id is not there. */
function isTask({ object, id }: RecordRef): boolean {
  return object === 'Task' && isRecordId(id);
}
