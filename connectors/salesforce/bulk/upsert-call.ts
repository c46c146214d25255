import type { CallContext } from '../../connector.ts';
import { UNFINISHED } from '../../unfinished-work.ts';
import type { ApiSession } from '../api.ts';
import { failure } from '../classify.ts';
import { failureCode } from '../codes.ts';
import { writeCollection, type Collection, type RowOutcome } from '../collections.ts';
import type { BulkState } from './bulk-state.ts';
import { followJobs, type Followed, type JobFailures } from './follow-jobs.ts';
import { handIn, prepareBulk } from './hand-in.ts';
import { fingerprint, type Row } from './unfinished-jobs.ts';

interface UpsertMeans {
  readonly session: ApiSession;
  readonly context: CallContext;
  readonly state: BulkState;
  readonly collection: Extract<Collection, { readonly kind: 'upsert' }>;
}

/** Upserts of one object by one external id; lives for one call into the connector. */
export class UpsertCall {
  readonly #means: UpsertMeans;
  readonly #outcomes = new Map<Row, RowOutcome>();
  readonly #followed = new Map<Row, Followed>();

  constructor(means: UpsertMeans) {
    this.#means = means;
  }

  /** @returns one outcome per row, in order */
  async write(rows: readonly Row[]): Promise<readonly RowOutcome[]> {
    const { session, context, state } = this.#means;
    await state.giveUpOldJobs(session);
    this.#findJobs(rows);
    const fresh = rows.filter((row) => !this.#followed.has(row));
    const isLarge = context.trafficClass === 'backfill' && fresh.length >= state.options.threshold;
    await this.#writeNow(isLarge ? await this.#handIn(fresh) : fresh);
    const jobs = [...new Map([...this.#followed.values()].map((each) => [each.job, each])).values()];
    const failures = await followJobs(session, jobs, {
      isPatient: context.trafficClass === 'backfill',
      signal: context.hurry === undefined ? context.signal : AbortSignal.any([context.signal, context.hurry]),
      pause: state.options.pause,
    });
    await this.#writeNow(rows.filter((row) => !this.#take(row, failures)));
    return rows.map((row) => this.#outcomes.get(row) ?? { kind: 'refused', failure: unfinished() });
  }

  /**
   * A record in a job that goes on waits for it, or the job could write its older values over the newer ones. A person
   * whose conversation is under way does not wait: what is written of a person is the same.
   */
  #findJobs(rows: readonly Row[]): void {
    const { context, collection, state } = this.#means;
    const isUrgent = context.trafficClass === 'live' || context.trafficClass === 'handoff';
    if (isUrgent && collection.object !== 'Task') return;
    for (const row of rows) {
      const job = state.jobs.holding(collection.object, this.#keyOf(row));
      if (job !== undefined) this.#followed.set(row, { job, isNew: false });
    }
  }

  /** @returns the rows that cannot go in bulk */
  async #handIn(rows: readonly Row[]): Promise<readonly Row[]> {
    const { session, state, collection } = this.#means;
    const { parts, others } = prepareBulk(rows, collection.key);
    const left = [...others];
    for (const part of parts) {
      const own = part.map(({ row }) => row);
      const handed = state.isOff ? undefined : await handIn(session, collection, part, state.options.now);
      if (handed?.kind === 'handed_in') {
        state.jobs.add(handed.job);
        for (const row of own) this.#followed.set(row, { job: handed.job, isNew: true });
      } else if (handed?.kind === 'failed') {
        for (const row of own) this.#outcomes.set(row, { kind: 'refused', failure: handed.failure });
      } else {
        state.switchOff();
        left.push(...own);
      }
    }
    return left;
  }

  /** @returns false when the row is to be written now: its job had other values, or said too little */
  #take(row: Row, failures: JobFailures): boolean {
    const { state } = this.#means;
    const job = this.#followed.get(row)?.job;
    if (job === undefined) return true;
    if (job.end === undefined) {
      const reason = failures.get(job);
      if (reason !== undefined) this.#outcomes.set(row, { kind: 'refused', failure: reason });
      return true;
    }
    if (!job.end.isWhole) state.switchOff();
    const key = this.#keyOf(row);
    const isSame = job.rows.get(key) === fingerprint(row);
    const outcome = job.end.outcomes.get(key) ?? job.end.otherwise(row.payload);
    state.jobs.release(job, key);
    if (isSame && !isTooShort(outcome)) this.#outcomes.set(row, outcome);
    return this.#outcomes.has(row);
  }

  async #writeNow(rows: readonly Row[]): Promise<void> {
    const { session, collection } = this.#means;
    const payloads = rows.map(({ payload }) => payload);
    const written = await writeCollection(session, collection, payloads);
    rows.forEach((row, index) => {
      const outcome = written[index];
      if (outcome !== undefined) this.#outcomes.set(row, outcome);
    });
  }

  #keyOf({ payload }: Row): string {
    return String(payload[this.#means.collection.key]);
  }
}

/** A collection names the records that a duplicate rule takes for this one; a job's results do not. */
function isTooShort(outcome: RowOutcome): boolean {
  return outcome.kind === 'refused' && outcome.failure.code === failureCode('DUPLICATES_DETECTED');
}

function unfinished() {
  return failure('retry', failureCode(UNFINISHED));
}
