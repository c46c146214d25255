import { Counter, Histogram, type Registry } from 'prom-client';
import type { Outcome } from './outcome.ts';
import { VERIFICATION_FAILURES, type VerificationFailure } from './verification/verifier.ts';

/** What the intake counts. */
export interface IntakeMetrics {
  ended(outcome: Outcome['kind'] | 'internal_error'): void;
  verificationFailed(reason: VerificationFailure): void;
  groupCommitted(size: number): void;
  /** Starts the watch on one event's way to the disk; the answer stops it. */
  startAccept(): () => void;
}

/** Registers the intake's metrics. A registry takes one intake: a second one of the same names is refused by it. */
export function createIntakeMetrics(registry: Registry): IntakeMetrics {
  const registers = [registry];
  const events = new Counter({
    name: 'intake_events_total',
    help: 'Webhook deliveries by how they ended',
    labelNames: ['outcome'],
    registers,
  });
  const failures = new Counter({
    name: 'intake_verification_failures_total',
    help: 'Webhook deliveries that could not be verified, by reason',
    labelNames: ['reason'],
    registers,
  });
  const groups = new Histogram({
    name: 'intake_group_size',
    help: 'Events that shared one insert',
    buckets: [1, 2, 5, 10, 20, 50, 100, 200],
    registers,
  });
  const accept = new Histogram({
    name: 'intake_accept_seconds',
    help: 'Time from a verified event to its place on disk, or to giving up',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  // An alert on a reason that has not occurred yet needs the zero.
  for (const reason of VERIFICATION_FAILURES) failures.inc({ reason }, 0);
  return {
    ended: (outcome) => events.inc({ outcome }),
    verificationFailed: (reason) => failures.inc({ reason }),
    groupCommitted: (size) => groups.observe(size),
    startAccept: () => accept.startTimer(),
  };
}
