import type { TrafficClass } from '../../../connectors/budget/traffic-class.ts';
import type { CallContext, RequestRecord } from '../../../connectors/connector.ts';
import { openSession } from '../../../connectors/salesforce/api.ts';
import { createBulkWriting, type RowWriter } from '../../../connectors/salesforce/bulk/row-writer.ts';
import type { Collection, Payload, RowOutcome } from '../../../connectors/salesforce/collections.ts';
import { createLimitInfo } from '../../../connectors/salesforce/limit-info.ts';
import { createHttpTransport } from '../../../connectors/transport/http-transport.ts';
import { pinBase } from '../../../connectors/transport/origin.ts';
import {
  startSalesforceSandbox,
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
} from '../../../sandbox/salesforce/index.ts';
import { CONVERSATION_KEY, TOKEN } from './connected-org.ts';

/** Fewer rows than the product's own, so that a test need not write thousands. */
export const THRESHOLD = 5;

export const TASKS: Collection = { kind: 'upsert', object: 'Task', key: CONVERSATION_KEY };

/** A sandbox and a bulk writer on one clock, which only waiting for a job moves. */
export interface BulkOrg {
  readonly sandbox: SalesforceSandbox;
  /** Endpoints asked for since the last look. */
  readonly asked: () => readonly string[];
  readonly write: RowWriter;
  readonly writerOf: (context: Partial<CallContext>) => RowWriter;
  /** A writer that knows nothing of the others, as that of a process started anew. */
  readonly otherProcess: () => RowWriter;
  /** Milliseconds that were waited, in all. */
  readonly waited: () => number;
  readonly pass: (ms: number) => void;
  /** Called when a wait for a job begins. */
  onPause: (() => void) | undefined;
  stop(): Promise<void>;
}

export async function openBulkOrg(options: Partial<SalesforceSandboxOptions> = {}): Promise<BulkOrg> {
  let clock = Date.parse('2026-11-24T10:00:00Z');
  let waited = 0;
  const requests: string[] = [];
  const now = () => clock;
  const sandbox = await startSalesforceSandbox({ dailyRequests: null, searchLagMs: 0, now, ...options });
  const transport = createHttpTransport();
  const api = {
    base: pinBase(sandbox.url),
    accessToken: () => Promise.resolve(TOKEN),
    transport,
    limits: createLimitInfo(now),
  };
  const context: CallContext = {
    signal: new AbortController().signal,
    trafficClass: 'backfill' satisfies TrafficClass,
    onRequest: ({ endpoint }: RequestRecord) => requests.push(endpoint),
  };
  const pause = (ms: number): Promise<void> => {
    clock += ms;
    waited += ms;
    org.onPause?.();
    return Promise.resolve();
  };
  const start = () => createBulkWriting({ threshold: THRESHOLD, pause, now });
  const writing = start();
  const writerOf = (more: Partial<CallContext>): RowWriter => {
    const own = { ...context, ...more };
    return (...args) => writing(openSession(api, own), own)(...args);
  };
  const org: BulkOrg = {
    sandbox,
    asked: () => requests.splice(0),
    write: writerOf({}),
    writerOf,
    otherProcess: () => start()(openSession(api, context), context),
    waited: () => waited,
    pass: (ms) => {
      clock += ms;
    },
    onPause: undefined,
    stop: async () => {
      await transport.close();
      await sandbox.close();
    },
  };
  return org;
}

/** So many tasks, each with its own key. */
export function tasks(count: number, more: Payload = {}, prefix = 'conv_'): readonly Payload[] {
  return Array.from({ length: count }, (_, n) => ({
    attributes: { type: 'Task' },
    [CONVERSATION_KEY]: `${prefix}${n}`,
    Subject: `Call ${n}`,
    ...more,
  }));
}

/** What became of each: `created`, `updated` or the code of its failure. */
export function said(outcomes: readonly RowOutcome[]): readonly string[] {
  return outcomes.map((outcome) =>
    outcome.kind === 'done' ? (outcome.created ? 'created' : 'updated') : outcome.failure.code,
  );
}
