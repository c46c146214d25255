import { z } from 'zod';
import type { ApiResult, ApiSession } from '../api.ts';

/**
 * States of a job (Bulk API 2.0 guide, Job States): open until its upload is closed, then with Salesforce, then at one
 * of three ends.
 */
const jobSchema = z.object({
  id: z.string().regex(/^[A-Za-z0-9]{15,18}$/),
  state: z.string(),
  numberRecordsFailed: z.int().optional().catch(undefined),
  errorMessage: z.string().nullish().catch(undefined),
});

export type JobInfo = z.infer<typeof jobSchema>;

const PATH = '/jobs/ingest';

/** Opens a job that creates or updates records of one object by an external id. */
export function openJob(session: ApiSession, object: string, key: string): Promise<ApiResult<JobInfo>> {
  return session.send({
    endpoint: 'bulk-job',
    method: 'POST',
    path: PATH,
    body: {
      object,
      externalIdFieldName: key,
      operation: 'upsert',
      contentType: 'CSV',
      columnDelimiter: 'COMMA',
      lineEnding: 'LF',
    },
    answer: jobSchema,
    mayBeMissing: true,
  });
}

/** Gives a job its data; it takes data once. */
export function upload(session: ApiSession, id: string, csv: string): Promise<ApiResult<unknown>> {
  return session.send({
    endpoint: 'bulk-upload',
    method: 'PUT',
    path: `${PATH}/${id}/batches`,
    csv,
    answer: z.unknown(),
    mayBeMissing: true,
  });
}

/** `UploadComplete` hands a job over to Salesforce, `Aborted` ends it. */
export function setState(
  session: ApiSession,
  id: string,
  state: 'UploadComplete' | 'Aborted',
): Promise<ApiResult<unknown>> {
  return session.send({
    endpoint: 'bulk-job',
    method: 'PATCH',
    path: `${PATH}/${id}`,
    body: { state },
    answer: z.unknown(),
    mayBeMissing: true,
  });
}

export function readJob(session: ApiSession, id: string): Promise<ApiResult<JobInfo>> {
  return session.send({
    endpoint: 'bulk-poll',
    method: 'GET',
    path: `${PATH}/${id}`,
    answer: jobSchema,
    mayBeMissing: true,
  });
}

/** The rows of a finished job that were saved, or that were refused: CSV, in an order of Salesforce's own. */
export function readResultFile(
  session: ApiSession,
  id: string,
  file: 'successfulResults' | 'failedResults',
): Promise<ApiResult<string>> {
  return session.send({
    endpoint: 'bulk-results',
    method: 'GET',
    path: `${PATH}/${id}/${file}`,
    answersCsv: true,
    answer: z.string(),
  });
}
