/* eslint-disable @typescript-eslint/no-unsafe-class-instance-assignment -- the client's request classes are plain shapes, and its own guide passes literals */
import type { Connection } from 'jsforce';
import { createHttpTransport, type HttpTransportOptions } from '../../../connectors/transport/http-transport.ts';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../../sandbox/hubspot/index.ts';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../../sandbox/salesforce/index.ts';
import {
  createOfficialHubSpot,
  createOfficialSalesforce,
  type OfficialHubSpot,
} from '../../support/official-clients.ts';
import type { OfficialTransportOptions } from '../../support/official-transport.ts';
import { startScriptedServer, type Script } from '../scripted-server.ts';

export const CRMS = ['hubspot', 'salesforce'] as const;
export type Crm = (typeof CRMS)[number];
export const TOKEN = 'official-client-token';
/** Milliseconds; what a failure may take at most is well below what it would take without a deadline. */
const DEADLINE_MS = 400;

/** How the other side fails. */
export type Failure = { readonly fault: Fault } | { readonly script: Script; readonly options?: HttpTransportOptions };
type Fault = Parameters<HubSpotSandbox['injectFault']>[0]['fault'];

/** Half of what was announced, then what `end` does. */
function half(end: (response: Parameters<Script>[1]) => void): Script {
  return (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"records":[', () => end(response));
  };
}

/** By what the client's caller should learn: see the test. */
export const FAILURES: Readonly<Record<string, Failure>> = {
  'a connection that is reset before the answer': { fault: { kind: 'reset' } },
  'a connection that is reset in the middle of the body': { script: half((response) => response.destroy()) },
  'headers that never come': { fault: { kind: 'stall', ms: 60_000 } },
  'a body that stops half-way': { fault: { kind: 'stall-body', ms: 60_000 } },
  'a body that trickles': {
    script: half((response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    }),
  },
  'a body over the limit': {
    script: (_, response) => response.end('x'.repeat(2_000_000)),
    options: { maxResponseBytes: 1_000_000 },
  },
  'a page of an intermediary': { fault: { kind: 'html-502' } },
  'an empty 504': { fault: { kind: 'status', status: 504, body: '' } },
  'a limit': {
    fault: { kind: 'status', status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '7' } },
  },
  'a redirect': { fault: { kind: 'status', status: 302, body: '', headers: { location: 'https://other.example/' } } },
  'a login page in the place of an answer': {
    script: (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>'),
  },
  'an answer that is cut off in its JSON': {
    script: (_, response) => response.writeHead(400, { 'content-type': 'application/json' }).end('[{"errorCode":'),
  },
  'a token that is refused': { fault: { kind: 'status', status: 401, body: [{ errorCode: 'INVALID_SESSION_ID' }] } },
};

export interface Connected {
  readonly hubspot: OfficialHubSpot;
  readonly salesforce: Connection;
  readonly sandboxes: { readonly hubspot: HubSpotSandbox; readonly salesforce: SalesforceSandbox };
  /** Status and headers of what came, in order. */
  readonly answers: Parameters<NonNullable<OfficialTransportOptions['onAnswer']>>[0][];
  close(): Promise<void>;
}

interface ConnectOptions {
  readonly transport?: HttpTransportOptions;
  readonly signal?: AbortSignal;
  readonly renew?: () => Promise<string>;
  /** In the place of the sandboxes. */
  readonly origin?: string;
}

/** Both official clients over our transport, to the sandboxes. */
export async function connectOfficial(options: ConnectOptions = {}): Promise<Connected> {
  const transport = createHttpTransport(options.transport ?? {});
  const [hubspot, salesforce] = await Promise.all([
    startHubSpotSandbox({ accessTokens: [{ token: TOKEN }], searchLagMs: 0 }),
    startSalesforceSandbox({ accessTokens: [{ token: TOKEN }], searchLagMs: 0, assignmentRules: {} }),
  ]);
  const answers: Connected['answers'] = [];
  const { renew, signal = new AbortController().signal } = options;
  const shared = {
    transport,
    signal,
    accessToken: TOKEN,
    onAnswer: (answer: Connected['answers'][number]) => void answers.push(answer),
  };
  return {
    hubspot: createOfficialHubSpot({ ...shared, origin: options.origin ?? hubspot.url }),
    salesforce: await createOfficialSalesforce({
      ...shared,
      origin: options.origin ?? salesforce.url,
      ...(renew === undefined ? {} : { renew }),
    }),
    sandboxes: { hubspot, salesforce },
    answers,
    close: async () => {
      await Promise.all([transport.close(), hubspot.close(), salesforce.close()]);
    },
  };
}

/** A read and a write by each client: what a connector does all day. */
export const CALLS: Readonly<Record<string, (connected: Connected) => Promise<unknown>>> = {
  'hubspot search': ({ hubspot }) => hubspot.searchApi.doSearch('contacts', { limit: 1 }),
  'hubspot upsert': ({ hubspot }) =>
    hubspot.batchApi.upsert('contacts', {
      inputs: [{ id: 'a@example.com', idProperty: 'email', properties: { firstname: 'Ann' } }],
    }),
  'salesforce query': async ({ salesforce }) => salesforce.query('SELECT Id FROM Contact'),
  'salesforce upsert': async ({ salesforce }) =>
    salesforce
      .sobject('Task')
      .upsert([{ PersonaDesk_Conversation_Id__c: 'conv_1', Subject: 'Call' }], 'PersonaDesk_Conversation_Id__c', {
        allOrNone: false,
      }),
};

/** What a call ended in. */
export type Ending = { readonly value: unknown } | { readonly error: unknown };

export interface Ended {
  readonly ending: Ending;
  readonly answers: Connected['answers'];
}

/** Makes one call while the other side fails, and waits for its end. */
export async function endOf(failure: Failure, call: (connected: Connected) => Promise<unknown>): Promise<Ended> {
  const server = 'script' in failure ? await startScriptedServer(failure.script) : undefined;
  const transport = { totalTimeoutMs: DEADLINE_MS, ...('options' in failure ? failure.options : {}) };
  const connected = await connectOfficial({
    transport,
    ...(server === undefined ? {} : { origin: server.origin }),
  });
  try {
    if ('fault' in failure) {
      for (const crm of CRMS) connected.sandboxes[crm].injectFault({ match: {}, times: 9, fault: failure.fault });
    }
    const ending = await call(connected).then(
      (value): Ending => ({ value }),
      (error: unknown): Ending => ({ error }),
    );
    return { ending, answers: connected.answers };
  } finally {
    await connected.close();
    await server?.close();
  }
}
