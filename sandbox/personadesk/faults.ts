import type { ServerResponse } from 'node:http';
import type { Fault, FaultEffect } from './behaviour.ts';
import { sendJson } from './responses.ts';

/** The faults still to come, oldest first. */
export interface FaultList {
  add(fault: Fault): void;
  clear(): void;
  /** The effect for a request to this path, if one is due; uses it up. */
  take(path: string): FaultEffect | undefined;
}

function patternOf(path: string): RegExp {
  const source = path
    .split(/(\*{1,2})/)
    .map((part) => (part === '**' ? '.*' : part === '*' ? '[^/]+' : part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')))
    .join('');
  return new RegExp(`^${source}$`);
}

export function createFaultList(): FaultList {
  let pending: { readonly pattern: RegExp; readonly effect: FaultEffect; left: number }[] = [];
  return {
    add: ({ path = '**', times = 1, effect }) => pending.push({ pattern: patternOf(path), effect, left: times }),
    clear: () => (pending = []),
    take: (path) => {
      const due = pending.find(({ pattern }) => pattern.test(path));
      if (due === undefined) return undefined;
      due.left -= 1;
      if (due.left === 0) pending = pending.filter((fault) => fault !== due);
      return due.effect;
    },
  };
}

/** Lets a timer live no longer than the connection it belongs to. */
function later(response: ServerResponse, ms: number, action: () => void): void {
  const timer = setTimeout(action, ms);
  response.once('close', () => clearTimeout(timer));
}

/** Plays a fault out. `proceed` gives the usual answer. */
export function playFault(effect: FaultEffect, response: ServerResponse, proceed: () => void): void {
  switch (effect.kind) {
    case 'status': {
      const headers = effect.retryAfter === undefined ? {} : { 'retry-after': effect.retryAfter };
      sendJson(response, {
        status: effect.status,
        headers,
        body: { error: { code: 'injected', message: 'Injected.' } },
      });
      return;
    }
    case 'reset':
      response.destroy();
      return;
    case 'stall':
      if (effect.after === 'headers')
        response.writeHead(effect.status ?? 200, { 'content-type': 'application/json' }).write('{"data":[');
      later(response, effect.ms, () => response.destroy());
      return;
    case 'delay':
      later(response, effect.ms, proceed);
      return;
    case 'broken_json':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"conv_');
      return;
    case 'answer':
      response.writeHead(effect.status, { 'content-type': 'text/html', ...effect.headers }).end(effect.body);
      return;
  }
}
