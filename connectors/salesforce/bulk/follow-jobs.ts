import type { CrmFailure } from '../../../src/domain/crm.ts';
import type { Pause } from '../../transport/pause.ts';
import { isAboutResource, type ApiSession } from '../api.ts';
import { failure } from '../classify.ts';
import { failureCode } from '../codes.ts';
import { readJob, setState, type JobInfo } from './ingest-jobs.ts';
import { readEnd } from './read-end.ts';
import type { HandedInJob } from './unfinished-jobs.ts';

/** Between two looks at a job: each is a call. */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 30_000;
const GROWTH = 1.5;

/** How long jobs are waited for. */
export interface Patience {
  /** False looks once and goes. */
  readonly isPatient: boolean;
  /** Aborted when the waiting must end. */
  readonly signal: AbortSignal;
  readonly pause: Pause;
}

/** A job to look at. */
export interface Followed {
  readonly job: HandedInJob;
  /** Handed in a moment ago, and not worth a look yet. */
  readonly isNew: boolean;
}

/** Why a job that has not ended could not be looked at. */
export type JobFailures = ReadonlyMap<HandedInJob, CrmFailure>;

/** Looks at jobs until they have ended or the waiting has. A job that goes on is left to go on. */
export async function followJobs(
  session: ApiSession,
  jobs: readonly Followed[],
  { isPatient, signal, pause }: Patience,
): Promise<JobFailures> {
  const failures = new Map<HandedInJob, CrmFailure>();
  let looking = jobs.filter(({ isNew }) => !isNew).map(({ job }) => job);
  const isOver = () => !isPatient || signal.aborted;
  let waitMs = FIRST_WAIT_MS;
  for (;;) {
    for (const job of looking) {
      const reason = await look(session, job);
      if (reason === undefined) failures.delete(job);
      else failures.set(job, reason);
    }
    looking = jobs.map(({ job }) => job).filter((job) => job.end === undefined);
    // What passes by itself passes while we wait; the rest holds for every further look.
    const isStopped = [...failures.values()].some(({ disposition }) => disposition !== 'retry');
    if (looking.length === 0 || isStopped || isOver()) return failures;
    await pause(waitMs, signal);
    if (isOver()) return failures;
    waitMs = Math.min(waitMs * GROWTH, LONGEST_WAIT_MS);
  }
}

/** @returns why it could not be looked at, undefined when it could */
async function look(session: ApiSession, job: HandedInJob): Promise<CrmFailure | undefined> {
  const answer = await readJob(session, job.id);
  if (answer.kind === 'failed') {
    if (!isAboutResource(answer.failure)) return answer.failure;
    job.end = lost();
    return undefined;
  }
  return moveOn(session, job, answer.body);
}

async function moveOn(session: ApiSession, job: HandedInJob, info: JobInfo): Promise<CrmFailure | undefined> {
  switch (info.state) {
    case 'Open': {
      const closed = await setState(session, job.id, 'UploadComplete');
      return closed.kind === 'failed' && !isAboutResource(closed.failure) ? closed.failure : undefined;
    }
    case 'JobComplete':
    case 'Failed':
    case 'Aborted': {
      const end = await readEnd(session, job, info);
      if (end.kind === 'failed') return end.failure;
      job.end = end.body;
      return undefined;
    }
    default:
      return undefined;
  }
}

/** A job that is not there any more tells nothing of its rows. */
function lost(): NonNullable<HandedInJob['end']> {
  const outcome = { kind: 'refused', failure: failure('retry', failureCode('BULK_JOB_FAILED')) } as const;
  return { outcomes: new Map(), otherwise: () => outcome, isWhole: false };
}
