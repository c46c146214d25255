import { createServer } from 'node:http';
import { once } from 'node:events';
import { Registry } from 'prom-client';
import { connectionIdSchema, tenantIdSchema, type ConnectionId } from '../../src/domain/ids.ts';
import { createIntake, type IntakeDependencies } from '../../src/intake/intake.ts';
import type { IntakeStore } from '../../src/intake/ports.ts';
import { createMemoryStore, type KnownEndpoint } from './memory-store.ts';
import { SECRET } from './signed-event.ts';

export const ACME: KnownEndpoint = {
  endpointId: 'ep-acme-opaque',
  tenantId: tenantIdSchema.parse('ten_acme'),
  connectionId: connectionIdSchema.parse('acme-hubspot'),
  verification: { scheme: 'standard-webhooks', secrets: [{ env: 'ACME_SECRET' }], toleranceSeconds: 300 },
};

/** The one tenant most tests need, with its secret in place. */
export function createAcmeStore() {
  return createMemoryStore([ACME], { ACME_SECRET: SECRET });
}

export interface RunningIntake {
  readonly url: string;
  readonly webhookUrl: string;
  readonly wakes: (readonly ConnectionId[])[];
  readonly logLines: string[];
  /** Sends a webhook to Acme's endpoint. */
  readonly post: (request: {
    readonly headers: Record<string, string>;
    readonly body: Buffer | string;
  }) => Promise<Response>;
  /** The value of one sample line of `/metrics`, 0 when there is none. */
  readonly metric: (sample: string) => Promise<number>;
  readonly stop: () => Promise<void>;
}

/** The intake behind a real HTTP server on a free port. */
export async function startIntake(
  store: IntakeStore,
  overrides: Partial<IntakeDependencies> = {},
): Promise<RunningIntake> {
  const wakes: (readonly ConnectionId[])[] = [];
  const logLines: string[] = [];
  const app = createIntake({
    store,
    wake: (ids) => wakes.push(ids),
    clock: () => new Date(),
    registry: new Registry(),
    log: (event, fields) => logLines.push(`${event} ${JSON.stringify(fields)}`),
    ...overrides,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const url = `http://127.0.0.1:${address.port}`;
  const webhookUrl = `${url}/webhooks/personadesk/${ACME.endpointId}`;
  return {
    url,
    webhookUrl,
    wakes,
    logLines,
    post: ({ headers, body }) => fetch(webhookUrl, { method: 'POST', headers, body: asBody(body) }),
    async metric(sample) {
      const text = await (await fetch(`${url}/metrics`)).text();
      const line = text.split('\n').find((candidate) => candidate.startsWith(`${sample} `));
      return line === undefined ? 0 : Number(line.slice(sample.length + 1));
    },
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function asBody(body: Buffer | string): string | Uint8Array<ArrayBuffer> {
  return typeof body === 'string' ? body : Uint8Array.from(body);
}

/** What a test asks of a refusal. */
export async function problemOf(
  response: Response,
): Promise<{ readonly status: number; readonly type: string | null; readonly code: unknown; readonly text: string }> {
  const text = await response.text();
  const document: unknown = JSON.parse(text);
  const code = typeof document === 'object' && document !== null && 'code' in document ? document.code : undefined;
  return { status: response.status, type: response.headers.get('content-type'), code, text };
}
