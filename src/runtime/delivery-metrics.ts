import { Counter, Histogram, type Registry } from 'prom-client';
import type { DeliveryEvents } from '../delivery/dependencies.ts';
import type { Logger } from './logger.ts';

/** Makes metrics and log lines of what the delivery tells. Labels are ids and codes from closed sets. */
export function deliveryEvents(registry: Registry, logger: Logger): DeliveryEvents {
  const settled = new Counter({
    name: 'crm_sync_settled_total',
    help: 'Deliveries by the ledger state and reason they ended in.',
    labelNames: ['connection', 'state', 'reason'],
    registers: [registry],
  });
  const requests = new Histogram({
    name: 'crm_sync_crm_request_seconds',
    help: 'Requests to the CRM; status 0 means that no answer came.',
    labelNames: ['crm', 'connection', 'endpoint', 'status'],
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15],
    registers: [registry],
  });
  return {
    settled: ({ connectionId, state, reason }) => settled.inc({ connection: connectionId, state, reason }),
    request: ({ crm, connectionId, endpoint, status, durationMs }) =>
      requests.observe({ crm, connection: connectionId, endpoint, status: status ?? 0 }, durationMs / 1_000),
    stopped: ({ connectionId, why, code }) => logger.warn('connection_stopped', { connectionId, why, code }),
  };
}
