import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
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
  const unlisted = new Counter({
    name: 'crm_sync_unlisted_codes_total',
    help: 'Refusals of the CRM with a code that has no sentence yet; they were judged by their status.',
    labelNames: ['crm', 'code'],
    registers: [registry],
  });
  const spent = spentMetrics(registry);
  return {
    spent,
    settled: ({ connectionId, state, reason }) => settled.inc({ connection: connectionId, state, reason }),
    request: ({ crm, connectionId, endpoint, status, durationMs }) =>
      requests.observe({ crm, connection: connectionId, endpoint, status: status ?? 0 }, durationMs / 1_000),
    unlisted: ({ crm, code }) => unlisted.inc({ crm, code }),
    stopped: ({ connectionId, why, code }) => logger.warn('connection_stopped', { connectionId, why, code }),
  };
}

/** What the CRMs cost: calls by class, calls for each conversation, and what is left of the limits. */
function spentMetrics(registry: Registry): DeliveryEvents['spent'] {
  const registers = [registry];
  const calls = new Counter({
    name: 'crm_sync_crm_calls_total',
    help: 'Calls to the CRM by the most urgent class in the batch they were made for.',
    labelNames: ['connection', 'class'],
    registers,
  });
  const perConversation = new Histogram({
    name: 'crm_sync_crm_calls_per_conversation',
    help: 'Calls to the CRM for a batch, by the number of conversations in it.',
    labelNames: ['connection'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16],
    registers,
  });
  const remaining = new Gauge({
    name: 'crm_sync_budget_remaining',
    help: 'Calls that are left of a limit of the CRM, after a batch.',
    labelNames: ['connection', 'limit'],
    registers,
  });
  return (batch) => {
    const connection = batch.connectionId;
    calls.inc({ connection, class: batch.trafficClass }, batch.calls);
    perConversation.observe({ connection }, batch.calls / batch.conversations);
    for (const { limit, remaining: left } of batch.limits) remaining.set({ connection, limit }, left);
  };
}
