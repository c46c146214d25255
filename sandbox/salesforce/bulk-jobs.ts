import type { Delimiter, LineEnding } from './bulk-csv.ts';
import { makeRecordId } from './record-ids.ts';
import type { ObjectName } from './object-types.ts';
import type { Field } from './field.ts';

export const bulkOperations = ['insert', 'update', 'upsert', 'delete'] as const;
export type BulkOperation = (typeof bulkOperations)[number];

type BulkState = 'Open' | 'UploadComplete' | 'InProgress' | 'JobComplete' | 'Failed' | 'Aborted';

/** What a job is opened with. */
export interface BulkJobSpec {
  readonly object: ObjectName;
  readonly operation: BulkOperation;
  /** Of an upsert: the field that names records. */
  readonly key: Field | null;
  readonly delimiter: Delimiter;
  readonly lineEnding: LineEnding;
  /** Leads and cases run through it; null runs none. */
  readonly assignmentRuleId: string | null;
  readonly userId: string;
  readonly version: number;
  /** Unix milliseconds, the sandbox's clock. */
  readonly createdAt: number;
}

/** One input line of a job that was worked on, with the columns of the result in front of it. */
export interface BulkResult {
  readonly id: string;
  /** `true` or `false` for a success, the error for a failure. */
  readonly told: string;
  readonly cells: readonly string[];
}

/** An ingest job of the Bulk API 2.0. It is changed in place: by requests, and by the passing of time. */
export interface BulkJob {
  readonly id: string;
  readonly spec: BulkJobSpec;
  state: BulkState;
  /** Null until it was uploaded. */
  content: string | null;
  /** Since when it waits to be worked on, Unix milliseconds. */
  closedAt: number;
  changedAt: number;
  errorMessage: string | null;
  header: readonly string[];
  succeeded: BulkResult[];
  failed: BulkResult[];
  unprocessed: (readonly string[])[];
}

export function isFinished({ state }: Pick<BulkJob, 'state'>): boolean {
  return state === 'JobComplete' || state === 'Failed' || state === 'Aborted';
}

/** The org's ingest jobs, and how many batches of records they took. */
export class BulkJobStore {
  readonly #jobs = new Map<string, BulkJob>();
  #number = 0;
  #batches: { readonly at: number; readonly count: number }[] = [];

  reset(): void {
    this.#jobs.clear();
    this.#batches = [];
  }

  open(spec: BulkJobSpec): BulkJob {
    const job: BulkJob = {
      id: makeRecordId('750', ++this.#number),
      spec,
      state: 'Open',
      content: null,
      closedAt: 0,
      changedAt: spec.createdAt,
      errorMessage: null,
      header: [],
      succeeded: [],
      failed: [],
      unprocessed: [],
    };
    this.#jobs.set(job.id, job);
    return job;
  }

  find(id: string): BulkJob | null {
    return this.#jobs.get(id) ?? null;
  }

  /** Newest first. */
  all(): readonly BulkJob[] {
    return [...this.#jobs.values()].reverse();
  }

  delete(job: BulkJob): void {
    this.#jobs.delete(job.id);
  }

  /** Batches of the last 24 hours. */
  batchesUsed(now: number): number {
    this.#batches = this.#batches.filter(({ at }) => at > now - 24 * 3_600_000);
    return this.#batches.reduce((sum, { count }) => sum + count, 0);
  }

  useBatches(count: number, now: number): void {
    this.#batches.push({ at: now, count });
  }
}
