import { checkHead } from './check-head.ts';
import type { Endpoint, EndpointDirectory } from './endpoint-directory.ts';
import type { GroupCommit } from './group-commit.ts';
import type { IntakeMetrics } from './metrics.ts';
import type { Outcome } from './outcome.ts';
import { parseEvent } from './parse-event.ts';
import type { AcceptedEvent, IntakeLog } from './ports.ts';
import type { RateLimit } from './rate-limit.ts';
import type { BodyResult } from './read-body.ts';
import type { RequestHeaders } from './verification/verifier.ts';

/** A webhook delivery, free of the HTTP framework. The body is read only when the head is worth it. */
export interface Delivery {
  readonly endpointId: string;
  readonly headers: RequestHeaders;
  readonly readBody: () => Promise<BodyResult>;
}

export interface ReceiveDependencies {
  readonly endpoints: EndpointDirectory;
  readonly commit: GroupCommit<AcceptedEvent, 'accepted' | 'duplicate'>;
  readonly rateLimit: RateLimit;
  readonly clock: () => Date;
  readonly bodyBytes: number;
  readonly metrics: IntakeMetrics;
  readonly log: IntakeLog;
}

/** Makes the function that takes a delivery in. Its outcome is a value; it rejects only for a fault of our own. */
export function createReceive(dependencies: ReceiveDependencies): (delivery: Delivery) => Promise<Outcome> {
  const { metrics } = dependencies;
  return async (delivery) => {
    try {
      const outcome = await receive(delivery, dependencies);
      metrics.ended(outcome.kind);
      return outcome;
    } catch (error) {
      metrics.ended('internal_error');
      throw error;
    }
  };
}

async function receive(delivery: Delivery, dependencies: ReceiveDependencies): Promise<Outcome> {
  const { endpoints, log } = dependencies;
  const found = await endpoints.find(delivery.endpointId);
  if (found.kind === 'unknown') return { kind: 'unknown_endpoint' };
  if (found.kind === 'unavailable') {
    log('intake.unavailable', { code: found.code, cause: found.cause });
    return found;
  }
  const outcome = await receiveFor(found.endpoint, delivery, dependencies);
  report(outcome, found.endpoint, log);
  return outcome;
}

/** Cheapest refusal first, and nothing of the body is believed before its sender is. */
async function receiveFor(endpoint: Endpoint, delivery: Delivery, deps: ReceiveDependencies): Promise<Outcome> {
  const refused = checkHead(delivery.headers, deps.bodyBytes);
  if (refused !== undefined) return refused;
  const body = await delivery.readBody();
  if (body.kind !== 'body') return body;
  const doubt = verify(endpoint, delivery.headers, body.bytes, deps);
  if (doubt !== undefined) return doubt;
  const rate = deps.rateLimit.take(endpoint.tenantId, deps.clock());
  if (!rate.allowed) return { kind: 'rate_limited', retryAfterSeconds: rate.retryAfterSeconds };
  const parsed = parseEvent(body.bytes, endpoint.tenantId);
  if (!parsed.ok) return { kind: 'malformed', problem: parsed.problem };
  return makeDurable(parsed.event, deps);
}

function verify(
  endpoint: Endpoint,
  headers: RequestHeaders,
  rawBody: Buffer,
  { clock, metrics }: ReceiveDependencies,
): Outcome | undefined {
  const result = endpoint.verifier.verify({ headers, rawBody }, clock());
  if (result.ok) return undefined;
  metrics.verificationFailed(result.reason);
  // A 401 would blame the sender, who may give the event up, for a secret that we cannot read.
  const ours = result.reason === 'no_match' && !endpoint.allSecretsRead;
  if (result.reason === 'bad_secret' || ours) {
    const cause = ours ? 'secret_unreadable' : 'secret_unusable';
    return { kind: 'unavailable', code: 'verification_unavailable', cause };
  }
  return { kind: 'unverified', reason: result.reason };
}

async function makeDurable(event: AcceptedEvent, { commit, metrics }: ReceiveDependencies): Promise<Outcome> {
  const stop = metrics.startAccept();
  const result = await commit.submit(event);
  stop();
  switch (result.kind) {
    case 'committed':
      if (result.result === 'duplicate') return { kind: 'duplicate' };
      return { kind: event.known ? 'accepted' : 'ignored' };
    case 'failed':
      return { kind: 'unavailable', code: 'store_unavailable', cause: result.cause };
    case 'late':
      return { kind: 'unavailable', code: 'store_timeout', cause: 'commit' };
    case 'overloaded':
      return { kind: 'unavailable', code: 'overloaded', cause: 'commit_queue' };
  }
}

/** What a person may have to look into. The endpoint id is not among it: knowing it is half of being a sender. */
function report(outcome: Outcome, { tenantId }: Endpoint, log: IntakeLog): void {
  switch (outcome.kind) {
    case 'accepted':
    case 'duplicate':
    case 'ignored':
    case 'unknown_endpoint':
      return;
    case 'malformed': {
      const { problem } = outcome;
      const at = problem.code === 'invalid_event' ? { at: problem.at } : {};
      log('intake.refused', { tenantId, outcome: outcome.kind, code: problem.code, ...at });
      return;
    }
    case 'unverified':
      log('intake.refused', { tenantId, outcome: outcome.kind, code: outcome.reason });
      return;
    case 'unsupported_media':
      log('intake.refused', { tenantId, outcome: outcome.kind, code: outcome.code });
      return;
    case 'too_large':
    case 'rate_limited':
      log('intake.refused', { tenantId, outcome: outcome.kind });
      return;
    case 'unavailable':
      log('intake.unavailable', { tenantId, code: outcome.code, cause: outcome.cause });
      return;
  }
}
