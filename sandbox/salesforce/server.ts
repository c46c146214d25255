import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Fault, FaultRegister } from '../server/faults.ts';
import type { Timers } from '../server/timers.ts';
import { answerApiRequest, isApiPath, type ApiAnswer, type ApiDependencies, type ApiRequest } from './api-request.ts';
import { sendAnswer, sendFault, sendText, statusOf } from './send.ts';
import type { RequestLog } from './request-log.ts';

export interface ServerDependencies extends ApiDependencies {
  readonly faults: FaultRegister;
  readonly log: RequestLog;
  readonly timers: Timers;
  /** Answers everything that is not Salesforce's: the page and the control surface; null when the path is not theirs. */
  readonly answerOther: (request: ApiRequest) => Promise<OtherAnswer | null>;
}

export interface OtherAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** Where a redirect leads. */
  readonly location?: string;
}

/** Bytes of the largest body that is read (REST guide: 50 MB). */
const maxBodyBytes = 50 * 1024 * 1024;
/** Bytes of the URI and all headers together (REST limits). */
const maxHeadBytes = 16_384;

/** The HTTP server: reads, lets faults happen, answers, logs. It does not listen yet. */
export function createSalesforceServer(dependencies: ServerDependencies): Server {
  // Node's own bound is as high as Salesforce's: with it the answer would come from Node.
  return createServer({ maxHeaderSize: 4 * maxHeadBytes }, (incoming, response) => {
    serve(incoming, response, dependencies).catch((error: unknown) => {
      // A defect of the sandbox: it shows as a 500 with the name of the error, and never stops the server.
      const name = error instanceof Error ? error.name : 'unknown';
      if (!response.headersSent) sendText(response, 500, { 'content-type': 'text/plain' }, `sandbox defect: ${name}`);
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
    sendText(response, 413, { 'content-type': 'text/plain' }, 'too large');
    return;
  }
  const { method = 'GET', url = '/', headers } = incoming;
  const request: ApiRequest = { method, url: new URL(url, 'http://sandbox'), headers, text };
  if (isApiPath(request.url.pathname)) {
    const tooLong = headStatus(url, incoming.rawHeaders);
    if (tooLong === null) await serveApi(request, response, dependencies);
    else sendText(response, tooLong, { 'content-type': 'text/html' }, `<html><body>Error ${tooLong}</body></html>`);
    return;
  }
  const other = await dependencies.answerOther(request);
  if (other === null) sendText(response, 404, { 'content-type': 'text/plain' }, 'not found');
  else sendOther(response, other);
}

function sendOther(response: ServerResponse, { status, contentType, text, location }: OtherAnswer): void {
  const redirect = location === undefined ? {} : { location };
  sendText(response, status, { 'content-type': contentType, 'cache-control': 'no-store', ...redirect }, text);
}

/** 414 when the URI alone is too long, 431 when it is with the headers. */
function headStatus(url: string, rawHeaders: readonly string[]): number | null {
  if (url.length > maxHeadBytes) return 414;
  const headers = rawHeaders.reduce((sum, part) => sum + part.length + 2, 0);
  return url.length + headers > maxHeadBytes ? 431 : null;
}

async function serveApi(
  request: ApiRequest,
  response: ServerResponse,
  dependencies: ServerDependencies,
): Promise<void> {
  const { org, faults, timers } = dependencies;
  const fault = faults.take(request.method, request.url.pathname + request.url.search, request.text);
  if (fault !== null) org.changes.emit();
  if (fault?.kind === 'delay' || fault?.kind === 'stall') {
    await timers.pause(fault.ms);
    if (response.destroyed) {
      note(dependencies, request, unanswered, 0);
      return;
    }
  }
  if (fault !== null && isBeforeApplying(fault)) {
    note(dependencies, request, unanswered, statusOf(fault, 0));
    sendFault(response, fault);
    return;
  }
  const answer = answerApiRequest(request, dependencies);
  await timers.pause(org.options.latencyMs);
  note(dependencies, request, answer, fault === null ? answer.status : statusOf(fault, answer.status));
  await sendAnswer(response, answer, fault, timers);
}

const unanswered = { endpoint: 'unknown', objectType: null, inputs: 1 } as const;

function isBeforeApplying(fault: Fault): fault is Extract<Fault, { kind: 'status' | 'reset' | 'html-502' }> {
  return fault.kind === 'status' || fault.kind === 'reset' || fault.kind === 'html-502';
}

function note(
  { org, log }: ServerDependencies,
  { method, url }: ApiRequest,
  { endpoint, objectType, inputs }: Pick<ApiAnswer, 'endpoint' | 'objectType' | 'inputs'>,
  status: number,
): void {
  log.add({ at: org.options.now(), method, path: url.pathname, endpoint, objectType, inputs, status });
  org.changes.emit();
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
