/** The numbers of the intake. Times in milliseconds, sizes in bytes. */
export interface IntakeLimits {
  /** Largest request body. */
  readonly bodyBytes: number;
  /** Events a second that one tenant may send for long. */
  readonly ratePerSecond: number;
  /** Events that one tenant may send at once. */
  readonly rateBurst: number;
  /** Longest wait for the endpoint and its secrets. Together with `commitDeadlineMs` the longest wait for the store. */
  readonly lookUpDeadlineMs: number;
  /** Longest wait for the event to be on disk. */
  readonly commitDeadlineMs: number;
  /** Events, and bytes, that share one insert. */
  readonly groupEvents: number;
  readonly groupBytes: number;
  /** Events, and bytes, that may wait for an insert; beyond it the sender is asked to come back. */
  readonly waitingEvents: number;
  readonly waitingBytes: number;
  /** How long an endpoint is remembered, and how long that an id is no endpoint. */
  readonly endpointMemoryMs: number;
  readonly unknownEndpointMemoryMs: number;
  /** What Retry-After asks for when the event could not be made durable, in seconds. */
  readonly retryAfterSeconds: number;
  /** How long the inbox keeps an event. */
  readonly retentionMs: number;
}

const MEBIBYTE = 1024 * 1024;
const DAY_MS = 24 * 60 * 60 * 1_000;

export const INTAKE_LIMITS: IntakeLimits = {
  bodyBytes: MEBIBYTE,
  ratePerSecond: 200,
  rateBurst: 1_000,
  // 5 s in total: senders of webhooks commonly give up after 10 to 15 s.
  lookUpDeadlineMs: 1_500,
  commitDeadlineMs: 3_500,
  groupEvents: 200,
  groupBytes: 4 * MEBIBYTE,
  waitingEvents: 5_000,
  waitingBytes: 64 * MEBIBYTE,
  endpointMemoryMs: 5_000,
  unknownEndpointMemoryMs: 1_000,
  retryAfterSeconds: 5,
  retentionMs: 30 * DAY_MS,
};
