import { delimiters, writeCsv, type Delimiter } from './bulk-csv.ts';
import { bulkOperations, isFinished, type BulkJob, type BulkOperation } from './bulk-jobs.ts';
import { abortJob } from './bulk-process.ts';
import type { Answer, Call } from './endpoint.ts';
import { externalIdField } from './external-id-endpoints.ts';
import { instantText } from './field-values.ts';
import { Refusal, requestProblem, type Problem } from './refusal.ts';
import { objectBody } from './request-body.ts';

/** `POST jobs/ingest` */
export function openJob(call: Call): Answer {
  const { org, userId, version } = call;
  if (org.options.bulkApi === 'off') throw new Refusal(switchedOff);
  const given = objectBody(call.body);
  const type = typeof given.object === 'string' ? org.schema.object(given.object) : null;
  if (type === null) throw new Refusal(requestProblem('INVALIDENTITY', 'Entity is not supported by the Bulk API'));
  const operation = oneOf(given.operation, bulkOperations);
  if (operation === null) throw new Refusal(invalid('The operation of a job is insert, update, upsert or delete'));
  const contentType = given.contentType ?? 'CSV';
  const lineEnding = oneOf(given.lineEnding ?? 'LF', ['LF', 'CRLF'] as const);
  const delimiter = oneOf(given.columnDelimiter ?? 'COMMA', Object.keys(delimiters) as Delimiter[]); // its own keys
  if (contentType !== 'CSV' || lineEnding === null || delimiter === null) {
    throw new Refusal(invalid('The format of a job is CSV with a known delimiter and line ending'));
  }
  const job = org.bulk.open({
    object: type.name,
    operation,
    key: keyOf(call, operation, given.externalIdFieldName),
    delimiter,
    lineEnding,
    assignmentRuleId: typeof given.assignmentRuleId === 'string' ? given.assignmentRuleId : null,
    userId,
    version,
    createdAt: org.options.now(),
  });
  return { status: 200, body: brief(job) };
}

function keyOf(call: Call, operation: BulkOperation, name: unknown) {
  if (operation !== 'upsert') return null;
  if (typeof name !== 'string')
    throw new Refusal(invalid('External ID was blank. An External ID must be specified for upsert.'));
  const type = call.org.schema.object(String(objectBody(call.body).object));
  return type === null ? null : externalIdField(call, type, name);
}

/** `PUT jobs/ingest/{id}/batches`: the data of a job, once. */
export function uploadContent(call: Call): Answer {
  const job = jobFromPath(call);
  if (job.state !== 'Open') throw new Refusal(wrongState(`Cannot upload to a job in state ${job.state}`));
  if (job.content !== null)
    throw new Refusal(wrongState('Found multiple contents for the job: data is uploaded only once'));
  const text = typeof call.body === 'string' ? call.body : '';
  if (Buffer.byteLength(text) > call.org.options.bulkUploadBytes) throw new Refusal(tooLarge);
  job.content = text;
  return { status: 201 };
}

/** `PATCH jobs/ingest/{id}`: closes the upload, or ends the job. */
export function changeJob(call: Call): Answer {
  const job = jobFromPath(call);
  const { state } = objectBody(call.body);
  const now = call.org.options.now();
  if (state === 'UploadComplete') {
    if (job.state !== 'Open') throw new Refusal(wrongState(`Closing already ${job.state} Job not allowed`));
    Object.assign(job, { state, closedAt: now, changedAt: now });
  } else if (state === 'Aborted') {
    if (isFinished(job)) throw new Refusal(wrongState('Aborting already Completed Job not allowed'));
    abortJob(call.org, job);
  } else {
    throw new Refusal(invalid('A job can only be set to UploadComplete or Aborted'));
  }
  return { status: 200, body: brief(job) };
}

/** `GET jobs/ingest/{id}` */
export function readJob(call: Call): Answer {
  return { status: 200, body: full(jobFromPath(call)) };
}

/** `GET jobs/ingest` */
export function listJobs({ org }: Call): Answer {
  return { status: 200, body: { done: true, nextRecordsUrl: null, records: org.bulk.all().map(full) } };
}

/** `DELETE jobs/ingest/{id}` */
export function deleteJob(call: Call): Answer {
  const job = jobFromPath(call);
  if (job.state === 'Open' || job.state === 'InProgress') {
    throw new Refusal(wrongState(`Deleting a job in state ${job.state} not allowed`));
  }
  call.org.bulk.delete(job);
  return { status: 204 };
}

/** `GET jobs/ingest/{id}/successfulResults` */
export function successfulResults(call: Call): Answer {
  const job = finishedJob(call);
  return csv(
    job,
    ['sf__Id', 'sf__Created'],
    job.succeeded.map(({ id, told, cells }) => [id, told, ...cells]),
  );
}

/** `GET jobs/ingest/{id}/failedResults` */
export function failedResults(call: Call): Answer {
  const job = finishedJob(call);
  return csv(
    job,
    ['sf__Id', 'sf__Error'],
    job.failed.map(({ id, told, cells }) => [id, told, ...cells]),
  );
}

/** `GET jobs/ingest/{id}/unprocessedrecords` */
export function unprocessedRecords(call: Call): Answer {
  const job = finishedJob(call);
  return csv(job, [], job.unprocessed);
}

function csv(job: BulkJob, more: readonly string[], lines: readonly (readonly string[])[]): Answer {
  const text = writeCsv([[...more, ...job.header], ...lines], job.spec);
  return { status: 200, csv: text };
}

function jobFromPath({ org, path }: Call): BulkJob {
  const job = org.bulk.find(path('id'));
  if (job === null) throw new Refusal(requestProblem('NOT_FOUND', 'The requested resource does not exist', 404));
  return job;
}

function finishedJob(call: Call): BulkJob {
  const job = jobFromPath(call);
  if (!isFinished(job)) throw new Refusal(wrongState(`Job is in state ${job.state}: there are no results`));
  return job;
}

/** What opening and changing a job answer. */
function brief({ id, spec, state, changedAt }: BulkJob): Record<string, unknown> {
  return {
    id,
    operation: spec.operation,
    object: spec.object,
    createdById: spec.userId,
    createdDate: instantText(spec.createdAt),
    systemModstamp: instantText(changedAt),
    state,
    ...(spec.key === null ? {} : { externalIdFieldName: spec.key.name }),
    ...(spec.assignmentRuleId === null ? {} : { assignmentRuleId: spec.assignmentRuleId }),
    concurrencyMode: 'Parallel',
    contentType: 'CSV',
    apiVersion: spec.version,
    contentUrl: `services/data/v${spec.version}.0/jobs/ingest/${id}/batches`,
    lineEnding: spec.lineEnding,
    columnDelimiter: spec.delimiter,
  };
}

/** What is told of a job that is asked about. */
function full(job: BulkJob): Record<string, unknown> {
  const took = isFinished(job) ? job.changedAt - job.closedAt : 0;
  return {
    ...brief(job),
    jobType: 'V2Ingest',
    numberRecordsProcessed: job.succeeded.length + job.failed.length,
    numberRecordsFailed: job.failed.length,
    retries: 0,
    totalProcessingTime: took,
    apiActiveProcessingTime: took,
    apexProcessingTime: 0,
    ...(job.errorMessage === null ? {} : { errorMessage: job.errorMessage }),
  };
}

function oneOf<T extends string>(given: unknown, known: readonly T[]): T | null {
  return known.find((each) => each === given) ?? null;
}

const invalid = (message: string): Problem => requestProblem('INVALIDJOB', message);
const wrongState = (message: string): Problem => requestProblem('INVALIDJOBSTATE', message);
const switchedOff = requestProblem('FEATURENOTENABLED', 'Async API not enabled', 403);
const tooLarge = requestProblem('EXCEEDED_MAX_SIZE_REQUEST', 'The data of a job exceeds the maximum size', 413);
