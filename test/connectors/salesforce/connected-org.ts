import type { CallContext, Connector, RequestRecord } from '../../../connectors/connector.ts';
import {
  createSalesforceConnector,
  type SalesforceConnectorOptions,
} from '../../../connectors/salesforce/connector.ts';
import {
  createHttpTransport,
  type HttpRequest,
  type HttpTransport,
  type HttpTransportOptions,
} from '../../../connectors/transport/http-transport.ts';
import {
  startSalesforceSandbox,
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
} from '../../../sandbox/salesforce/index.ts';
import { emailKey, phoneKey } from '../../../src/domain/caller.ts';
import type { CrmFailure, PersonQuery, PersonSearch } from '../../../src/domain/crm.ts';
import { parseNumber } from '../../../src/domain/phone.ts';

export const TOKEN = 'sandbox-salesforce-token';

/** Our own fields, by the names that an admin is asked to give them. */
export const CONVERSATION_KEY = 'PersonaDesk_Conversation_Id__c';
export const PERSON_KEY = 'PersonaDesk_Person_Key__c';

/** A sandbox org, and a connector to it that has read its schema. */
export interface ConnectedOrg {
  readonly sandbox: SalesforceSandbox;
  readonly connector: Connector<'salesforce'>;
  readonly context: CallContext;
  /** What the connector reported of its requests since it knew the schema. */
  readonly requests: RequestRecord[];
  /** A further connector to the same org. */
  readonly connect: (options?: Partial<SalesforceConnectorOptions>) => Connector<'salesforce'>;
  stop(): Promise<void>;
}

export interface OrgOptions {
  readonly sandbox?: Partial<SalesforceSandboxOptions>;
  readonly connector?: Partial<SalesforceConnectorOptions>;
  readonly transport?: HttpTransportOptions;
  /** False leaves reading the schema to the first call. */
  readonly provisioned?: boolean;
}

export async function connectOrg(options: OrgOptions = {}): Promise<ConnectedOrg> {
  const sandbox = await startSalesforceSandbox({ dailyRequests: null, ...options.sandbox });
  const transport = createHttpTransport(options.transport);
  const requests: RequestRecord[] = [];
  const context = { signal: new AbortController().signal, onRequest: (record: RequestRecord) => requests.push(record) };
  const connect: ConnectedOrg['connect'] = (more = {}) =>
    createSalesforceConnector({
      baseUrl: sandbox.url,
      accessToken: () => Promise.resolve(TOKEN),
      defaultCountry: 'US',
      phoneFields: [],
      transport,
      ...options.connector,
      ...more,
    });
  const connector = connect();
  if (options.provisioned ?? true) {
    const outcome = await connector.provision(context);
    if (outcome.kind === 'failed') throw new Error(`The sandbox org could not be read: ${outcome.failure.code}`);
    requests.length = 0;
  }
  async function stop(): Promise<void> {
    await transport.close();
    await sandbox.close();
  }
  return { sandbox, connector, context, requests, connect, stop };
}

/** A transport that keeps what was sent through it. */
export function recordSent(): { readonly transport: HttpTransport; readonly sent: HttpRequest[] } {
  const inner = createHttpTransport();
  const sent: HttpRequest[] = [];
  const transport: HttpTransport = {
    send: (request) => {
      sent.push(request);
      return inner.send(request);
    },
    close: () => inner.close(),
  };
  return { transport, sent };
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
export function caller(index: number): PersonQuery {
  return byNumber(`+1555${String(1_000_000 + index)}`);
}

/** The ids of the candidates; the failure's code where there was no answer. */
export function found(search: PersonSearch | undefined): readonly string[] | string | undefined {
  if (search?.kind === 'checked') return search.candidates.map(({ ref }) => ref.id);
  return search?.failure.code;
}

export function failureOf(result: { readonly kind: string } | undefined): CrmFailure | undefined {
  // Every result of a connector that has a failure has it under this name.
  return result !== undefined && 'failure' in result ? (result.failure as CrmFailure) : undefined;
}

/** What a write must end as for the test to go on. */
export function idOf(result: { readonly kind: string } | undefined): string {
  if (result?.kind !== 'written' || !('ref' in result)) {
    throw new Error(`The test needs a record: ${failureOf(result)?.code ?? 'no result'}`);
  }
  // The kind says so.
  return (result.ref as { readonly id: string }).id;
}
