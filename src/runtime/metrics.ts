import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry of this process' metrics, with Node's own (memory, event loop lag, garbage collection) in it. */
export function createMetricsRegistry(process: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/**
 * `/healthz` (the process runs), `/readyz` (it can do its work: 200, else 503) and `/metrics`, for a process that serves
 * nothing else.
 */
export function createMetricsHandler(options: {
  readonly registry: Registry;
  readonly ready: () => Promise<boolean>;
}): RequestListener {
  return (request, response) => {
    void answer(request, response, options);
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { registry, ready }: { readonly registry: Registry; readonly ready: () => Promise<boolean> },
): Promise<void> {
  const path = request.url?.split('?')[0];
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(response.setHeader('Allow', 'GET, HEAD'), 405, 'method not allowed');
  } else if (path === '/healthz') send(response, 200, 'ok');
  else if (path === '/readyz') {
    const isReady = await ready().catch(() => false); // not being able to tell is not being ready
    send(response, isReady ? 200 : 503, isReady ? 'ready' : 'not ready');
  } else if (path === '/metrics') {
    send(response.setHeader('Content-Type', registry.contentType), 200, await registry.metrics());
  } else send(response, 404, 'not found');
}

function send(response: ServerResponse, status: number, body: string): void {
  response.statusCode = status;
  if (!response.hasHeader('Content-Type')) response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.end(body);
}
