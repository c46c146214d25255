import {
  changeJob,
  deleteJob,
  failedResults,
  listJobs,
  openJob,
  readJob,
  successfulResults,
  unprocessedRecords,
  uploadContent,
} from './bulk-endpoints.ts';
import { createCollection, deleteCollection, readCollection, updateCollection } from './collection-endpoints.ts';
import { upsertCollection } from './collection-upsert.ts';
import { composite } from './composite-endpoint.ts';
import { describeBriefly, describeGlobal, describeObject } from './describe-endpoints.ts';
import type { Endpoint, EndpointClass } from './endpoint.ts';
import { deleteByExternalId, readByExternalId, upsertByExternalId } from './external-id-endpoints.ts';
import { limits, resources } from './limits-endpoint.ts';
import { query, queryAll, queryMore } from './query-endpoints.ts';
import { createSingle, deleteSingle, readSingle, updateSingle } from './record-endpoints.ts';
import { search } from './search-endpoint.ts';

export interface Route {
  readonly method: string;
  readonly pattern: readonly string[];
  readonly endpoint: EndpointClass;
  readonly run: Endpoint;
  /** Whether a composite may have it as a part. */
  readonly inComposite: boolean;
  /** Whether its body is CSV; of all others it is JSON. */
  readonly takesCsv?: boolean;
}

function route(method: string, path: string, endpoint: EndpointClass, run: Endpoint, inComposite = true): Route {
  const pattern = path.split('/').filter((part) => part !== '');
  return { method, pattern, endpoint, run, inComposite };
}

/** Every endpoint below a version. Parts with a colon are named; fixed ones come before named ones. */
export const routes: readonly Route[] = [
  route('GET', '', 'versions', resources, false),
  route('GET', 'limits', 'limits', limits),
  route('GET', 'sobjects', 'describe', describeGlobal),
  route('GET', 'sobjects/:type', 'describe', describeBriefly),
  route('POST', 'sobjects/:type', 'create', createSingle),
  route('GET', 'sobjects/:type/describe', 'describe', describeObject),
  route('GET', 'sobjects/:type/:id', 'read', readSingle),
  route('PATCH', 'sobjects/:type/:id', 'update', updateSingle),
  route('DELETE', 'sobjects/:type/:id', 'delete', deleteSingle),
  route('GET', 'sobjects/:type/:field/:value', 'read', readByExternalId),
  route('PATCH', 'sobjects/:type/:field/:value', 'upsert', upsertByExternalId),
  route('DELETE', 'sobjects/:type/:field/:value', 'delete', deleteByExternalId),
  route('GET', 'query', 'query', query),
  route('GET', 'queryAll', 'query', queryAll),
  route('GET', 'query/:locator', 'query', queryMore),
  route('GET', 'search', 'search', search, false),
  route('POST', 'composite', 'composite', composite, false),
  route('POST', 'composite/sobjects', 'collection create', createCollection),
  route('PATCH', 'composite/sobjects', 'collection update', updateCollection),
  route('DELETE', 'composite/sobjects', 'collection delete', deleteCollection),
  route('GET', 'composite/sobjects/:type', 'collection read', readCollection),
  route('POST', 'composite/sobjects/:type', 'collection read', readCollection),
  route('PATCH', 'composite/sobjects/:type/:field', 'collection upsert', upsertCollection),
  route('GET', 'jobs/ingest', 'bulk status', listJobs, false),
  route('POST', 'jobs/ingest', 'bulk job', openJob, false),
  route('GET', 'jobs/ingest/:id', 'bulk status', readJob, false),
  route('PATCH', 'jobs/ingest/:id', 'bulk job', changeJob, false),
  route('DELETE', 'jobs/ingest/:id', 'bulk job', deleteJob, false),
  { ...route('PUT', 'jobs/ingest/:id/batches', 'bulk upload', uploadContent, false), takesCsv: true },
  route('GET', 'jobs/ingest/:id/successfulResults', 'bulk results', successfulResults, false),
  route('GET', 'jobs/ingest/:id/failedResults', 'bulk results', failedResults, false),
  route('GET', 'jobs/ingest/:id/unprocessedrecords', 'bulk results', unprocessedRecords, false),
];
