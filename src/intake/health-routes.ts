import { Router } from 'express';
import type { Registry } from 'prom-client';
import { sendProblem } from './answer.ts';
import { withDeadline } from './deadline.ts';
import { errorCode } from './error-code.ts';
import type { IntakeLog, IntakeStore } from './ports.ts';

/** Longest wait for the database before the process calls itself not ready. */
const PING_DEADLINE_MS = 1_000;

/** `/healthz`: the process runs. `/readyz`: it can make an event durable. `/metrics`: for Prometheus. */
export function createHealthRoutes(options: {
  readonly store: Pick<IntakeStore, 'ping'>;
  readonly registry: Registry;
  readonly log: IntakeLog;
}): Router {
  const { store, registry, log } = options;
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    if (await answersPing(store, log)) response.json({ status: 'ready' });
    else sendProblem(response, NOT_READY);
  });
  router.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
  return router;
}

const NOT_READY = {
  status: 503,
  code: 'store_unavailable',
  title: 'Not ready',
  detail: 'The database does not answer; events cannot be stored.',
};

async function answersPing(store: Pick<IntakeStore, 'ping'>, log: IntakeLog): Promise<boolean> {
  try {
    return await withDeadline(store.ping(PING_DEADLINE_MS), PING_DEADLINE_MS);
  } catch (error) {
    log('intake.ping_failed', { code: errorCode(error) });
    return false;
  }
}
