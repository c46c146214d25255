import { createHash } from 'node:crypto';
import type { Payload, RowOutcome } from '../collections.ts';

/** A record to be written. */
export interface Row {
  readonly payload: Payload;
  /** Fields that a record takes when it is made, and refuses ever after. */
  readonly createOnly: ReadonlySet<string>;
}

/** How a job ended. */
export interface JobEnd {
  /** By external id: the rows that Salesforce speaks of. */
  readonly outcomes: ReadonlyMap<string, RowOutcome>;
  /** What is to be said of a row that it does not speak of. */
  readonly otherwise: (payload: Payload) => RowOutcome;
  /** False when there is such a row: what the org does with bulk jobs cannot be relied on for now. */
  readonly isWhole: boolean;
}

/** A job that was handed to Salesforce. */
export interface HandedInJob {
  readonly id: string;
  readonly object: string;
  /** The external id's field. */
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly handedInAt: number;
  /** What was sent, by external id, for as long as nobody has taken its outcome. */
  readonly rows: Map<string, string>;
  end: JobEnd | undefined;
}

/**
 * Jobs whose outcomes nobody has taken yet, for as long as the connector lives. A batch must end when its time is over,
 * and a job may take longer: who comes again with the same records finds the job, instead of sending them once more.
 */
export class UnfinishedJobs {
  readonly #jobs = new Set<HandedInJob>();

  add(job: HandedInJob): void {
    this.#jobs.add(job);
  }

  /** The job that has this record. */
  holding(object: string, key: string): HandedInJob | undefined {
    for (const job of this.#jobs) if (job.object === object && job.rows.has(key)) return job;
    return undefined;
  }

  /** Every job that was handed in before the instant. */
  handedInBefore(instant: number): readonly HandedInJob[] {
    return [...this.#jobs].filter(({ handedInAt }) => handedInAt < instant);
  }

  /** Nobody waits for this record any more. */
  release(job: HandedInJob, key: string): void {
    job.rows.delete(key);
    if (job.rows.size === 0) this.forget(job);
  }

  forget(job: HandedInJob): void {
    this.#jobs.delete(job);
  }
}

/** What a record is to become, told short. Create-only fields are left out: whether they were sent makes no difference. */
export function fingerprint({ payload, createOnly }: Row): string {
  const values = Object.entries(payload)
    .filter(([field]) => field !== 'attributes' && !createOnly.has(field))
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(values)).digest('base64');
}
