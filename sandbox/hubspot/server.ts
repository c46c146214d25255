import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerApiRequest, type ApiAnswer, type ApiDependencies, type ApiRequest } from './api-request.ts';
import type { Fault, FaultRegister } from '../server/faults.ts';
import { errorBody } from './refusal.ts';
import type { RequestLog } from './request-log.ts';
import type { Timers } from '../server/timers.ts';

export interface ServerDependencies extends ApiDependencies {
  readonly faults: FaultRegister;
  readonly log: RequestLog;
  readonly timers: Timers;
  /** Answers everything that is not the CRM API: the page and the control surface; null when the path is not theirs. */
  readonly answerOther: (request: ApiRequest) => Promise<OtherAnswer | null>;
}

export interface OtherAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** Where a redirect leads. */
  readonly location?: string;
}

/** Bytes of the largest body that is read; HubSpot's own bound is not documented. */
const maxBodyBytes = 16 * 1024 * 1024;

/** The HTTP server: reads, lets faults happen, answers, logs. It does not listen yet. */
export function createHubSpotServer(dependencies: ServerDependencies): Server {
  return createServer((incoming, response) => {
    serve(incoming, response, dependencies).catch((error: unknown) => {
      // A defect of the sandbox: it shows as a 500 with the name of the error, and never stops the server.
      const name = error instanceof Error ? error.name : 'unknown';
      if (!response.headersSent) send(response, 500, { 'content-type': 'text/plain' }, `sandbox defect: ${name}`);
      else response.destroy();
    });
  });
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  dependencies: ServerDependencies,
): Promise<void> {
  const text = await readText(incoming);
  if (text === null) {
    send(response, 413, { 'content-type': 'text/plain' }, 'too large');
    return;
  }
  const request: ApiRequest = {
    method: incoming.method ?? 'GET',
    url: new URL(incoming.url ?? '/', 'http://sandbox'),
    authorization: incoming.headers.authorization,
    contentType: incoming.headers['content-type'],
    text,
  };
  const other = await dependencies.answerOther(request);
  if (other === null) await serveApi(request, response, dependencies);
  else sendOther(response, other);
}

function sendOther(response: ServerResponse, { status, contentType, text, location }: OtherAnswer): void {
  const redirect = location === undefined ? {} : { location };
  send(response, status, { 'content-type': contentType, 'cache-control': 'no-store', ...redirect }, text);
}

async function serveApi(
  request: ApiRequest,
  response: ServerResponse,
  dependencies: ServerDependencies,
): Promise<void> {
  const { account, faults, timers } = dependencies;
  const fault = faults.take(request.method, request.url.pathname + request.url.search, request.text);
  if (fault !== null) account.changes.emit();
  if (fault?.kind === 'delay' || fault?.kind === 'stall') {
    await timers.pause(fault.ms);
    if (response.destroyed) {
      note(dependencies, request, { endpoint: 'unknown', objectType: null, inputs: 1 }, 0);
      return;
    }
  }
  if (fault !== null && isBeforeApplying(fault)) {
    note(dependencies, request, { endpoint: 'unknown', objectType: null, inputs: 1 }, statusOf(fault, 0));
    sendFault(response, fault, account.newUuid());
    return;
  }
  const answer = answerApiRequest(request, dependencies);
  try {
    await timers.pause(account.options.latencyMs);
    note(dependencies, request, answer, fault === null ? answer.status : statusOf(fault, answer.status));
    await sendAnswer(response, answer, fault, dependencies);
  } finally {
    for (const key of answer.heldKeys) account.keysInFlight.delete(key);
  }
}

async function sendAnswer(
  response: ServerResponse,
  answer: ApiAnswer,
  fault: Fault | null,
  { account, timers }: ServerDependencies,
): Promise<void> {
  if (fault?.kind === 'apply-then-reset' || fault?.kind === 'apply-then-status') {
    sendFault(response, fault, account.newUuid());
    return;
  }
  const headers = {
    ...answer.headers,
    ...(answer.text === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' }),
  };
  if (fault?.kind === 'stall-body' && answer.text !== undefined) {
    const half = Math.ceil(answer.text.length / 2);
    response.writeHead(answer.status, headers);
    response.write(answer.text.slice(0, half));
    await timers.pause(fault.ms);
    response.end(answer.text.slice(half));
    return;
  }
  send(response, answer.status, headers, answer.text);
}

type Breaking = Extract<Fault, { kind: 'status' | 'reset' | 'html-502' | 'apply-then-reset' | 'apply-then-status' }>;

function isBeforeApplying(fault: Fault): fault is Extract<Fault, { kind: 'status' | 'reset' | 'html-502' }> {
  return fault.kind === 'status' || fault.kind === 'reset' || fault.kind === 'html-502';
}

function sendFault(response: ServerResponse, fault: Breaking, correlationId: string): void {
  switch (fault.kind) {
    case 'reset':
    case 'apply-then-reset':
      response.socket?.destroy();
      return;
    case 'html-502':
      send(response, 502, { 'content-type': 'text/html' }, '<html><body><h1>502 Bad Gateway</h1></body></html>');
      return;
    case 'status':
    case 'apply-then-status': {
      const usual = errorBody({ status: fault.status, category: 'INJECTED', message: 'internal error' }, correlationId);
      const body = fault.body ?? usual;
      const isText = typeof body === 'string';
      const contentType = isText ? 'text/plain' : 'application/json;charset=utf-8';
      send(
        response,
        fault.status,
        { 'content-type': contentType, ...fault.headers },
        isText ? body : JSON.stringify(body),
      );
    }
  }
}

/** The status that goes out because of a fault; 0 for a cut connection. */
function statusOf(fault: Fault, otherwise: number): number {
  switch (fault.kind) {
    case 'status':
    case 'apply-then-status':
      return fault.status;
    case 'html-502':
      return 502;
    case 'reset':
    case 'apply-then-reset':
      return 0;
    case 'stall':
    case 'stall-body':
    case 'delay':
      return otherwise;
  }
}

function note(
  { account, log }: ServerDependencies,
  request: ApiRequest,
  { endpoint, objectType, inputs }: Pick<ApiAnswer, 'endpoint' | 'objectType' | 'inputs'>,
  status: number,
): void {
  const { method, url } = request;
  log.add({ at: account.options.now(), method, path: url.pathname, endpoint, objectType, inputs, status });
  account.changes.emit();
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string | undefined,
): void {
  const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(text);
}

async function readText(incoming: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
