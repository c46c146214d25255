import { hasOtherLineEnding, readCsv, type CsvLine } from './bulk-csv.ts';
import type { BulkJob, BulkResult } from './bulk-jobs.ts';
import { countKeys, upsertRow } from './collection-upsert.ts';
import type { RowOutcome } from './collection-endpoints.ts';
import type { FieldValues } from './field.ts';
import type { Org } from './org.ts';
import { canonicalId } from './record-ids.ts';
import { saveProblem, type Problem } from './refusal.ts';
import type { SaveContext } from './save-context.ts';
import { createRecord, deleteRecord, updateRecord } from './save-record.ts';

/** Records of one batch, which Salesforce cuts itself (Bulk API 2.0 guide, How Requests Are Processed). */
const rowsPerBatch = 10_000;
/** Characters of one value and of one record (Bulk API 2.0 guide, Limits and Allocations). */
const maxValueLength = 32_000;
const maxRecordLength = 400_000;

/** Lets time do its work: jobs that were handed in long enough ago are worked on. */
export function advanceBulkJobs(org: Org): void {
  const { bulkJobMs } = org.options;
  for (const job of org.bulk.all().toReversed()) {
    if (job.state === 'UploadComplete') setState(org, job, 'InProgress');
    if (job.state === 'InProgress' && bulkJobMs !== null && org.options.now() - job.closedAt >= bulkJobMs) {
      processJob(org, job);
    }
  }
}

/** Works on everything that was handed in, however long it should take. @returns how many jobs that were */
export function finishBulkJobs(org: Org): number {
  const waiting = org.bulk.all().filter((job) => job.state === 'UploadComplete' || job.state === 'InProgress');
  for (const job of waiting.toReversed()) processJob(org, job);
  return waiting.length;
}

/** Ends a job before it is done; what was not worked on yet is kept as such. */
export function abortJob(org: Org, job: BulkJob): void {
  const [header, ...rows] = readCsv(job.content ?? '', job.spec);
  job.header = header ?? [];
  job.unprocessed = rows.flatMap((row) => (row === null ? [] : [row]));
  setState(org, job, 'Aborted');
}

function setState(org: Org, job: BulkJob, state: BulkJob['state']): void {
  job.state = state;
  job.changedAt = org.options.now();
  org.changes.emit();
}

function processJob(org: Org, job: BulkJob): void {
  const [header, ...rows] = readCsv(job.content ?? '', job.spec);
  job.header = header ?? [];
  const problem = unreadableFile(org, job);
  const { bulkFailAfterRows } = org.options;
  const taken = problem === null ? rows.slice(0, bulkFailAfterRows ?? rows.length) : [];
  job.unprocessed = rows.slice(taken.length).flatMap((row) => (row === null ? [] : [row]));
  if (problem !== null || bulkFailAfterRows !== null) {
    job.errorMessage = problem ?? 'InternalServerError : Unable to process the job';
  }
  saveRows(org, job, taken);
  setState(org, job, job.errorMessage === null ? 'JobComplete' : 'Failed');
}

/** What is wrong with the whole file; then nothing of it is saved. Only the first unknown column is named (reported). */
function unreadableFile(org: Org, { spec, header, content }: BulkJob): string | null {
  if (org.options.bulkLineBreaks === 'declared' && hasOtherLineEnding(content ?? '', spec.lineEnding)) {
    return `ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is ${spec.lineEnding}`;
  }
  const unknown = header.find((name) => org.schema.field(spec.object, name) === null);
  if (unknown !== undefined) return `InvalidBatch : Field name not found : ${unknown}`;
  const needed = spec.operation === 'upsert' ? spec.key?.name : spec.operation === 'insert' ? undefined : 'Id';
  const isThere = needed === undefined || header.some((name) => name.toLowerCase() === needed.toLowerCase());
  return isThere ? null : `InvalidBatch : Field name not found : ${needed}`;
}

/** Results of batches over the daily allocation are not recorded (guide, Get Job Failed Record Results). */
function saveRows(org: Org, job: BulkJob, lines: readonly CsvLine[]): void {
  const now = org.options.now();
  const batches = Math.ceil(lines.length / rowsPerBatch);
  const left = Math.max(0, org.options.bulkBatchesPerDay - org.bulk.batchesUsed(now));
  org.bulk.useBatches(Math.min(batches, left), now);
  const rows = lines.slice(0, left * rowsPerBatch).map((cells) => ({ cells, values: valuesOf(job, cells ?? []) }));
  const save = saverOf(
    org,
    job,
    rows.map(({ values }) => values),
  );
  for (const { cells, values } of rows) {
    const outcome = cells?.length !== job.header.length ? malformed : isTooLong(cells) ? tooLong : save(values);
    const result = resultOf(cells ?? [], outcome);
    // In front: the order of results is not that of the input, and nobody should come to rely on it.
    if (outcome.ok) job.succeeded.unshift(result);
    else job.failed.unshift(result);
  }
}

/** An empty value leaves a field alone, `#N/A` empties it (guide, Prepare CSV Files). */
function valuesOf({ header }: BulkJob, cells: readonly string[]): FieldValues {
  return Object.fromEntries(
    header.flatMap((name, at) => {
      const text = cells[at] ?? '';
      return text === '' ? [] : [[name, text === '#N/A' ? null : text]];
    }),
  );
}

/** Duplicate rules are asked, alerts included; assignment rules run only when the job names one (guide, Create a Job). */
function saverOf(org: Org, { spec }: BulkJob, rows: readonly FieldValues[]): (row: FieldValues) => RowOutcome {
  const { object, operation, key, userId, assignmentRuleId } = spec;
  const context: SaveContext = { org, userId, autoAssign: assignmentRuleId !== null, allowSave: false };
  const type = org.schema.object(object);
  if (operation === 'upsert' && key !== null && type !== null) {
    const seen = countKeys(rows, key);
    return (row) => upsertRow(context, { type, field: key, seen }, row);
  }
  if (operation === 'insert') {
    return (row) => {
      const created = createRecord(context, object, row);
      return created.ok ? { ok: true, value: { id: created.value.id, created: true } } : created;
    };
  }
  return (row) => changeById(context, { object, operation }, row);
}

function changeById(
  context: SaveContext,
  { object, operation }: Pick<BulkJob['spec'], 'object' | 'operation'>,
  { Id, ...values }: FieldValues,
): RowOutcome {
  const id = typeof Id === 'string' ? canonicalId(Id) : null;
  if (id === null) return { ok: false, problem: saveProblem('MALFORMED_ID', 'bad id', ['Id']) };
  const record = context.org.records.find(object, id);
  if (record === null)
    return { ok: false, problem: saveProblem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id') };
  if (record.isDeleted) return { ok: false, problem: saveProblem('ENTITY_IS_DELETED', 'entity is deleted') };
  if (operation === 'update') {
    const updated = updateRecord(context, record, values);
    return updated.ok ? { ok: true, value: { id, created: false } } : updated;
  }
  const problem = deleteRecord(context, record);
  return problem === null ? { ok: true, value: { id, created: false } } : { ok: false, problem };
}

/** Too few or too many values, or a stray quote: that line only fails (guide: "generates an error for the row"). */
const malformed: RowOutcome = {
  ok: false,
  problem: saveProblem('INVALID_INPUT', 'The number of values does not match that of the columns'),
};

/** That it is the row which fails is assumed. */
const tooLong: RowOutcome = {
  ok: false,
  problem: saveProblem('INVALID_INPUT', 'The record or one of its values is too long'),
};

function isTooLong(cells: readonly string[]): boolean {
  const total = cells.reduce((sum, cell) => sum + cell.length, 0);
  return total > maxRecordLength || cells.some((cell) => cell.length > maxValueLength);
}

function resultOf(cells: readonly string[], outcome: RowOutcome): BulkResult {
  if (outcome.ok) return { id: outcome.value.id, told: String(outcome.value.created === true), cells };
  return { id: '', told: errorText(outcome.problem), cells };
}

/** `CODE:message:fields --` (reported). A value that cannot be read is the fault of its row here (inferred). */
function errorText({ code, message, fields = [] }: Problem): string {
  const shown = code === 'JSON_PARSER_ERROR' ? 'INVALID_TYPE_ON_FIELD_IN_RECORD' : code;
  return `${shown}:${message}:${fields.join(',')} --`;
}
