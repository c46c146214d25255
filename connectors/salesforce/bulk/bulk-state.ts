import type { Pause } from '../../transport/pause.ts';
import type { ApiSession } from '../api.ts';
import { setState } from './ingest-jobs.ts';
import { UnfinishedJobs } from './unfinished-jobs.ts';

export interface BulkOptions {
  /** Fewer records than this go as collections. */
  readonly threshold: number;
  readonly pause: Pause;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** An org without the Bulk API, or with one that leaves rows out, is not asked again for so long. */
const OFF_FOR_MS = 60 * 60_000;
/** Longer than this no job is waited for. */
const GIVE_UP_AFTER_MS = 60 * 60_000;

/** What a connector remembers of its org's Bulk API. */
export class BulkState {
  readonly options: BulkOptions;
  readonly jobs = new UnfinishedJobs();
  #offUntil = 0;

  constructor(options: BulkOptions) {
    this.options = options;
  }

  get isOff(): boolean {
    return this.options.now() < this.#offUntil;
  }

  switchOff(): void {
    this.#offUntil = this.options.now() + OFF_FOR_MS;
  }

  /** A job that has not ended for an hour is ended, so that it cannot write old values over newer ones one day. */
  async giveUpOldJobs(session: ApiSession): Promise<void> {
    for (const job of this.jobs.handedInBefore(this.options.now() - GIVE_UP_AFTER_MS)) {
      if (job.end === undefined) await setState(session, job.id, 'Aborted');
      this.jobs.forget(job);
    }
  }
}
