import type { CallContext, Connector, RequestRecord } from '../../../connectors/connector.ts';
import { createHubSpotConnector, type HubSpotConnectorOptions } from '../../../connectors/hubspot/connector.ts';
import { createHttpTransport, type HttpTransportOptions } from '../../../connectors/transport/http-transport.ts';
import {
  startHubSpotSandbox,
  type HubSpotSandbox,
  type HubSpotSandboxOptions,
} from '../../../sandbox/hubspot/index.ts';
import { emailKey, phoneKey } from '../../../src/domain/caller.ts';
import type { PersonQuery, PersonSearch } from '../../../src/domain/crm.ts';
import { parseNumber, type E164 } from '../../../src/domain/phone.ts';

/** The dated versions the connector speaks. */
export const API_VERSIONS = ['2026-03', '2026-09'] as const;

/** A sandbox account that was provisioned, and a connector to it. */
export interface ConnectedAccount {
  readonly sandbox: HubSpotSandbox;
  readonly connector: Connector<'hubspot'>;
  readonly context: CallContext;
  /** What the connector reported of its requests. */
  readonly requests: RequestRecord[];
  /** A further connector to the same account. */
  readonly connect: (options?: Partial<HubSpotConnectorOptions>) => Connector<'hubspot'>;
  stop(): Promise<void>;
}

export interface AccountOptions {
  readonly sandbox?: Partial<HubSpotSandboxOptions>;
  readonly connector?: Partial<HubSpotConnectorOptions>;
  readonly transport?: HttpTransportOptions;
  /** False leaves the account without our properties. */
  readonly provisioned?: boolean;
}

/** Limits are off unless a test asks for them: which test meets them must not depend on how fast the machine is. */
export async function connectAccount(options: AccountOptions = {}): Promise<ConnectedAccount> {
  const sandbox = await startHubSpotSandbox({
    searchLagMs: 0,
    limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
    ...options.sandbox,
  });
  const transport = createHttpTransport(options.transport);
  const requests: RequestRecord[] = [];
  const context = { signal: new AbortController().signal, onRequest: (record: RequestRecord) => requests.push(record) };
  const connect: ConnectedAccount['connect'] = (more = {}) =>
    createHubSpotConnector({
      baseUrl: sandbox.url,
      accessToken: () => Promise.resolve('sandbox-hubspot-token'),
      defaultCountry: 'US',
      phoneFields: [],
      transport,
      ...options.connector,
      ...more,
    });
  const connector = connect();
  if (options.provisioned ?? true) {
    const outcome = await connector.provision(context);
    if (outcome.kind === 'failed') throw new Error(`The sandbox could not be provisioned: ${outcome.failure.code}`);
    requests.length = 0;
  }
  async function stop(): Promise<void> {
    await transport.close();
    await sandbox.close();
  }
  return { sandbox, connector, context, requests, connect, stop };
}

/** A query by number, as delivery makes it. */
export function byNumber(text: string, email?: string): PersonQuery {
  const parsed = parseNumber(text, 'US');
  if (parsed.kind !== 'number') throw new Error('The test needs a number.');
  return { key: phoneKey(parsed.e164), phone: { e164: parsed.e164, national: parsed.national }, email };
}

export function byEmail(email: string): PersonQuery {
  return { key: emailKey(email), phone: undefined, email };
}

/** The n-th of many made-up callers. */
export function caller(index: number): E164 {
  return byNumber(`+1555${String(1_000_000 + index)}`).phone?.e164 ?? unreachable();
}

/** The ids of the candidates; the failure's code where there was no answer. */
export function found(search: PersonSearch | undefined): readonly string[] | string | undefined {
  if (search?.kind === 'checked') return search.candidates.map(({ ref }) => ref.id);
  return search?.failure.code;
}

function unreachable(): never {
  throw new Error('A query by number has a number.');
}
