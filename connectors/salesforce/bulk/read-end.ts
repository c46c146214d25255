import type { CrmFailure } from '../../../src/domain/crm.ts';
import type { ApiResult, ApiSession } from '../api.ts';
import { failure } from '../classify.ts';
import { failureCode } from '../codes.ts';
import type { Payload, RowOutcome } from '../collections.ts';
import { readResults } from './csv.ts';
import { readResultFile, type JobInfo } from './ingest-jobs.ts';
import { readRowError } from './row-error.ts';
import type { HandedInJob, JobEnd } from './unfinished-jobs.ts';

/** Reads what became of each row of a job that has ended. Which row a result is about, its external id says. */
export async function readEnd(
  session: ApiSession,
  { id, key, rows }: Pick<HandedInJob, 'id' | 'key' | 'rows'>,
  info: JobInfo,
): Promise<ApiResult<JobEnd>> {
  const outcomes = new Map<string, RowOutcome>();
  if (info.numberRecordsFailed !== 0) {
    const failed = await readFile(session, id, 'failedResults', [key, 'sf__Error']);
    if (failed.kind === 'failed') return failed;
    for (const line of failed.body) {
      const reason = session.judge(undefined, [readRowError(line.sf__Error ?? '')]);
      outcomes.set(line[key] ?? '', { kind: 'refused', failure: reason });
    }
  }
  const succeeded = await readFile(session, id, 'successfulResults', [key, 'sf__Id', 'sf__Created']);
  if (succeeded.kind === 'failed') return succeeded;
  for (const line of succeeded.body) {
    outcomes.set(line[key] ?? '', { kind: 'done', id: line.sf__Id ?? '', created: line.sf__Created === 'true' });
  }
  const isWhole = [...rows.keys()].every((each) => outcomes.has(each));
  return { kind: 'ok', body: { outcomes, otherwise: unspokenOf(session, info), isWhole } };
}

type Lines = NonNullable<ReturnType<typeof readResults>>;

async function readFile(
  session: ApiSession,
  id: string,
  file: 'successfulResults' | 'failedResults',
  needed: readonly string[],
): Promise<ApiResult<Lines>> {
  const answer = await readResultFile(session, id, file);
  if (answer.kind === 'failed') return answer;
  const lines = answer.body === '' ? [] : readResults(answer.body, needed);
  // A success that is not what the API promises, such as a login page.
  if (lines === undefined) return { kind: 'failed', failure: failure('retry', failureCode('UNREADABLE_ANSWER')) };
  return { kind: 'ok', body: lines };
}

/**
 * Rows that are in no result: a job that failed or was ended by an administrator did not get to them, or they were over
 * the daily allocation (Bulk API 2.0 guide, Get Job Failed Record Results). A column that is not there fails a whole job,
 * and is named in its message; it is the fault of the rows that have it.
 */
function unspokenOf(session: ApiSession, { state, errorMessage }: JobInfo): (payload: Payload) => RowOutcome {
  const column = /Field name not found : (\w{1,100})/.exec(errorMessage ?? '')?.[1];
  const code = state === 'JobComplete' ? 'NO_RESULT' : 'BULK_JOB_FAILED';
  const missed = failure('retry', failureCode(code));
  return (payload) => ({ kind: 'refused', failure: holds(payload, column) ? unknownColumn(session, column) : missed });
}

function holds(payload: Payload, column: string | undefined): column is string {
  return column !== undefined && column in payload;
}

function unknownColumn(session: ApiSession, column: string): CrmFailure {
  return session.judge(undefined, [{ statusCode: 'INVALID_FIELD', message: 'Field name not found', fields: [column] }]);
}
