/**
 * Every Temporal name and number in one place. Names are durable: running workflows and schedules hold them, so they are
 * never changed, only added.
 */

/** Task queue of workflows and activities. Tests and separate installations on one cluster add a suffix. */
export const TASK_QUEUE = 'crm-sync';

/** Workflow ids; a person finds a connection's loop by it. */
export const connectionWorkflowId = (connectionId: string): string => `connection:${connectionId}`;

export const WORKFLOW_TYPES = { syncConnection: 'syncConnection' } as const;
export const SIGNALS = { wake: 'wake' } as const;

/** One delivery of one batch. */
export const DELIVER_DUE = {
  /** The activity stops by itself before this; Temporal's own limit is the safety net behind it. */
  deadlineMs: 45_000,
  startToCloseTimeout: '60 seconds',
  /** A worker that was killed is noticed after this long without a beat. */
  heartbeatTimeout: '8 seconds',
  heartbeatEveryMs: 2_000,
  /** Infrastructure failures (PostgreSQL away) are tried again for ever; the ledger's own failures never get here. */
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '15 seconds' },
} as const;

/** A run's history is kept far below the server's limits (51,200 events); a batch costs about 8 events. */
export const CONTINUE_AS_NEW_AFTER_EVENTS = 2_000;

/** How long a caller outside a workflow waits for Temporal: the SDK alone would try for 21 s against a dead server. */
export const CLIENT_DEADLINE_MS = 2_000;

/**
 * Least time between two wake-ups of one connection from one process. Each costs the loop some four history events; a
 * loop that is at work looks at the ledger again by itself, so the wait is only felt by a line that has just gone quiet.
 */
export const WAKE_EVERY_MS = 100;

/** Sweep for work that is due while nobody was woken for it. */
export const SWEEP = { everyMs: 5_000, overdueAfterMs: 3_000 } as const;

/** Sized for two cores that also carry the server: one activity per connection at a time, so slots are connections. */
export const WORKER = {
  maxConcurrentActivityTaskExecutions: 50,
  maxConcurrentWorkflowTaskExecutions: 20,
  maxCachedWorkflows: 500,
  shutdownGraceTime: '10 seconds',
  shutdownForceTime: '15 seconds',
} as const;
