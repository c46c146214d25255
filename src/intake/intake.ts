import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { DUE_POLICY, type DuePolicy } from '../domain/due-time.ts';
import { answer, sendProblem } from './answer.ts';
import { createEndpointDirectory } from './endpoint-directory.ts';
import { errorCode } from './error-code.ts';
import { createGroupCommit } from './group-commit.ts';
import { createHealthRoutes } from './health-routes.ts';
import { INTAKE_LIMITS, type IntakeLimits } from './limits.ts';
import { createIntakeMetrics, type IntakeMetrics } from './metrics.ts';
import type { IntakeLog, IntakeStore, Wake } from './ports.ts';
import { createRateLimit } from './rate-limit.ts';
import { createBodyReader } from './read-body.ts';
import { createReceive, type ReceiveDependencies } from './receive.ts';
import { createStoreGroup } from './store-group.ts';

export interface IntakeDependencies {
  readonly store: IntakeStore;
  readonly wake: Wake;
  readonly clock: () => Date;
  /** Takes the intake's metrics and is served at `/metrics`. */
  readonly registry: Registry;
  readonly log: IntakeLog;
  /** What differs from INTAKE_LIMITS. */
  readonly limits?: Partial<IntakeLimits>;
  /** When an event makes its conversation due; DUE_POLICY by default. */
  readonly policy?: DuePolicy;
}

const WEBHOOK_PATH = '/webhooks/personadesk/:endpointId';

/**
 * The HTTP app that takes PersonaDesk's webhooks in: `POST /webhooks/personadesk/:endpointId` and the health routes.
 * It listens to nothing by itself; an event that it answered with 202 is on disk.
 */
export function createIntake(dependencies: IntakeDependencies): Express {
  const { store, registry, log } = dependencies;
  const limits = { ...INTAKE_LIMITS, ...dependencies.limits };
  const metrics = createIntakeMetrics(registry);
  const receive = createReceive(receiveDependencies(dependencies, limits, metrics));
  const bodyReader = createBodyReader(limits.bodyBytes);

  const app = express().disable('x-powered-by').disable('etag');
  app.post(WEBHOOK_PATH, async (request, response) => {
    const { endpointId } = request.params;
    const readBody = bodyReader(request, response);
    answer(response, await receive({ endpointId, headers: request.headers, readBody }), limits.retryAfterSeconds);
  });
  app.all(WEBHOOK_PATH, refuseMethod);
  app.use(createHealthRoutes({ store, registry, log }));
  app.use(refusePath);
  app.use(createErrorHandler(log));
  return app;
}

function receiveDependencies(
  { store, wake, clock, log, policy = DUE_POLICY }: IntakeDependencies,
  limits: IntakeLimits,
  metrics: IntakeMetrics,
): ReceiveDependencies {
  const { retentionMs } = limits;
  return {
    endpoints: createEndpointDirectory({
      store,
      clock,
      deadlineMs: limits.lookUpDeadlineMs,
      knownMs: limits.endpointMemoryMs,
      unknownMs: limits.unknownEndpointMemoryMs,
    }),
    commit: createGroupCommit({
      accept: createStoreGroup({ store, wake, clock, policy, retentionMs, log }),
      bytesOf: (event) => event.body.length,
      maxGroup: limits.groupEvents,
      maxGroupBytes: limits.groupBytes,
      maxWaiting: limits.waitingEvents,
      maxWaitingBytes: limits.waitingBytes,
      deadlineMs: limits.commitDeadlineMs,
      onGroup: (size) => metrics.groupCommitted(size),
    }),
    rateLimit: createRateLimit({ ratePerSecond: limits.ratePerSecond, burst: limits.rateBurst }),
    clock,
    bodyBytes: limits.bodyBytes,
    metrics,
    log,
  };
}

const refuseMethod: RequestHandler = (_request, response) => {
  response.set('Allow', 'POST');
  sendProblem(response, {
    status: 405,
    code: 'method_not_allowed',
    title: 'Method not allowed',
    detail: 'Webhooks are sent with POST.',
  });
};

const refusePath: RequestHandler = (_request, response) => {
  sendProblem(response, { status: 404, code: 'not_found', title: 'Not found', detail: 'There is nothing here.' });
};

/** Takes the place of Express's own, which prints the stack, and with it whatever the message quotes. */
function createErrorHandler(log: IntakeLog): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    // Express throws a URIError for a path that is not properly percent-encoded: that names no endpoint.
    if (error instanceof URIError) {
      sendProblem(response, { status: 400, code: 'invalid_path', title: 'Bad path', detail: 'The path is not valid.' });
      return;
    }
    log('intake.internal_error', { code: errorCode(error) });
    sendProblem(response, {
      status: 500,
      code: 'internal_error',
      title: 'Internal error',
      detail: 'Send the event again.',
    });
  };
}
