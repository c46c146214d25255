import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerApi } from './api.ts';
import type { BehaviourPatch } from './behaviour.ts';
import { answerControl } from './control.ts';
import { createControls, type PersonaDeskControls } from './controls.ts';
import { playFault } from './faults.ts';
import type { SandboxTenant } from './resources.ts';
import { refusal, sendJson, type Answer } from './responses.ts';
import { findRoute } from './routes.ts';
import { createState, type SandboxState } from './sandbox-state.ts';

export interface PersonaDeskSandboxOptions extends BehaviourPatch {
  /** Default 0: any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Id and key of the one tenant there is by default. */
  readonly tenantId?: string;
  readonly apiKey?: string;
  /** Several tenants instead; the documented example belongs to the first. */
  readonly tenants?: readonly SandboxTenant[];
  /** Epoch milliseconds; decides rate windows and the age of cursors. */
  readonly clock?: () => number;
}

export interface PersonaDeskSandbox extends PersonaDeskControls {
  /** Base URL including the version, e.g. `http://127.0.0.1:1234/v1`. */
  readonly url: string;
  /** Base URL of the control surface, e.g. `http://127.0.0.1:1234/_sandbox`. */
  readonly controlUrl: string;
  readonly port: number;
  readonly tenants: readonly SandboxTenant[];
  close(): Promise<void>;
}

const VERSION_PATH = '/v1';
const CONTROL_PATH = '/_sandbox';
const MAX_CONTROL_BYTES = 64 * 1024 * 1024;

/** Handles one API request: count it, let a fault have its way, answer. */
function handleApi(state: SandboxState, request: IncomingMessage, response: ServerResponse): void {
  const [path = '', search = ''] = (request.url ?? '').split('?', 2);
  const apiPath = path.startsWith(`${VERSION_PATH}/`) ? path.slice(VERSION_PATH.length) : '';
  const route = findRoute(apiPath);
  const method = request.method ?? 'GET';
  const end = state.tally.begin(`${method} ${route?.template ?? 'unknown path'}`);
  response.once('close', () => end(response.writableFinished ? response.statusCode : 0));
  const answer = (): void => {
    const { authorization } = request.headers;
    sendJson(response, answerApi(state, { method, authorization, route, search }));
  };
  const fault = state.faults.take(apiPath);
  if (fault === undefined) answer();
  else playFault(fault, response, answer);
}

async function readJson(request: IncomingMessage): Promise<{ readonly json: unknown } | { readonly problem: Answer }> {
  const chunks: Buffer[] = [];
  let size = 0;
  // node:http streams yield Buffers as long as no encoding is set.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_CONTROL_BYTES) return { problem: refusal(413, 'too_large', 'Too large.') };
    chunks.push(chunk);
  }
  if (size === 0) return { json: undefined };
  try {
    return { json: JSON.parse(Buffer.concat(chunks).toString()) };
  } catch {
    // Whatever the parser says, the caller's remedy is the same.
    return { problem: refusal(400, 'invalid_json', 'The body is not JSON.') };
  }
}

async function handleControl(
  controls: PersonaDeskControls,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [path = ''] = (request.url ?? '').split('?', 1);
  const body = await readJson(request);
  const answer =
    'problem' in body
      ? body.problem
      : answerControl(controls, {
          method: request.method ?? 'GET',
          path: path.slice(CONTROL_PATH.length),
          body: body.json,
        });
  sendJson(response, answer);
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => (error === undefined ? resolve() : reject(error)));
    server.closeAllConnections();
  });
}

/** Starts a stateful stand-in for the PersonaDesk API, with the documented example inside. */
export async function startPersonaDeskSandbox(options: PersonaDeskSandboxOptions = {}): Promise<PersonaDeskSandbox> {
  const { host = '127.0.0.1', tenantId = 'ten_demo', apiKey = 'sandbox-key' } = options;
  const tenants = options.tenants ?? [{ id: tenantId, name: 'Demo Dental', apiKey }];
  const state = createState(tenants, options, options.clock ?? Date.now);
  const controls = createControls(state);
  const server = createServer((request, response) => {
    if (request.url?.startsWith(`${CONTROL_PATH}/`) !== true) {
      handleApi(state, request, response);
      return;
    }
    // A caller that hangs up in mid-request has nobody left to answer.
    handleControl(controls, request, response).catch(() => response.destroy());
  });
  const port = await listen(server, options.port ?? 0, host);
  const origin = `http://${host}:${port}`;
  return {
    ...controls,
    url: `${origin}${VERSION_PATH}`,
    controlUrl: `${origin}${CONTROL_PATH}`,
    port,
    tenants,
    close: () => closeServer(server),
  };
}
