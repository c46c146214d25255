import type { ServerResponse } from 'node:http';
import type { Fault } from '../server/faults.ts';
import type { Timers } from '../server/timers.ts';
import type { ApiAnswer } from './api-request.ts';
import { errorList, requestProblem } from './refusal.ts';

/** Faults that put something else in the place of the answer. */
type Breaking = Extract<Fault, { kind: 'status' | 'reset' | 'html-502' | 'apply-then-reset' | 'apply-then-status' }>;

const json = { 'content-type': 'application/json;charset=UTF-8' } as const;

/** Sends the answer, or what a fault makes of it. */
export async function sendAnswer(
  response: ServerResponse,
  answer: ApiAnswer,
  fault: Fault | null,
  timers: Timers,
): Promise<void> {
  if (fault?.kind === 'apply-then-reset' || fault?.kind === 'apply-then-status') {
    sendFault(response, fault);
    return;
  }
  const headers = { ...(answer.text === undefined ? {} : json), ...answer.headers };
  if (fault?.kind === 'stall-body' && answer.text !== undefined) {
    const half = Math.ceil(answer.text.length / 2);
    response.writeHead(answer.status, headers);
    response.write(answer.text.slice(0, half));
    await timers.pause(fault.ms);
    response.end(answer.text.slice(half));
    return;
  }
  sendText(response, answer.status, headers, answer.text);
}

export function sendFault(response: ServerResponse, fault: Breaking): void {
  switch (fault.kind) {
    case 'reset':
    case 'apply-then-reset':
      response.socket?.destroy();
      return;
    case 'html-502':
      sendText(response, 502, { 'content-type': 'text/html' }, '<html><body><h1>502 Bad Gateway</h1></body></html>');
      return;
    case 'status':
    case 'apply-then-status': {
      const body = fault.body ?? errorList(requestProblem('UNKNOWN_EXCEPTION', 'An unexpected error occurred.'));
      const isText = typeof body === 'string';
      const type = isText ? { 'content-type': 'text/plain' } : json;
      sendText(response, fault.status, { ...type, ...fault.headers }, isText ? body : JSON.stringify(body));
    }
  }
}

/** The status that goes out because of a fault; 0 for a cut connection. */
export function statusOf(fault: Fault, otherwise: number): number {
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

export function sendText(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  text: string | undefined,
): void {
  const length = text === undefined ? {} : { 'content-length': String(Buffer.byteLength(text)) };
  response.writeHead(status, { ...headers, ...length });
  response.end(text);
}
