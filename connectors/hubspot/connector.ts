import type { LinkResult, PersonRead, PersonSearch, WriteResult } from '../../src/domain/crm.ts';
import type { CallContext, Connector, Provisioning } from '../connector.ts';
import type { HttpTransport } from '../transport/http-transport.ts';
import { pinBase } from '../transport/origin.ts';
import { DEFAULT_API_VERSION, openSession, type ApiOptions, type ApiSession, type ApiVersion } from './api.ts';
import { associate } from './associate.ts';
import { createBound } from './bounded.ts';
import { keyPropertyAtFault } from './key-property.ts';
import { lookUpPeople } from './look-up-people.ts';
import { provisionKeyProperties } from './provision.ts';
import { readPeople } from './read-people.ts';
import { upsertActivities, upsertPeople, upsertTasks } from './upserts.ts';

export interface HubSpotConnectorOptions {
  /** `https://api.hubapi.com`, or a stand-in. */
  readonly baseUrl: string;
  /** Asked before every request; its rejection is the rejection of the call. */
  readonly accessToken: () => Promise<string>;
  /** ISO 3166 alpha-2: the country of numbers without a country code. */
  readonly defaultCountry: string;
  /** Custom contact properties that hold phone numbers. */
  readonly phoneFields: readonly string[];
  /** The caller's, to close when its last connector is done. */
  readonly transport: HttpTransport;
  readonly apiVersion?: ApiVersion;
  /** Requests at a time; 4 unless given. */
  readonly maxConcurrency?: number;
  /** Milliseconds since the epoch; the system's clock unless given. */
  readonly now?: () => number;
}

type Result = PersonSearch | PersonRead | WriteResult | LinkResult;

/** @throws TypeError for a base URL that may not be used. */
export function createHubSpotConnector(options: HubSpotConnectorOptions): Connector {
  const api: ApiOptions = {
    base: pinBase(options.baseUrl),
    version: options.apiVersion ?? DEFAULT_API_VERSION,
    accessToken: options.accessToken,
    transport: options.transport,
    bounded: createBound(options.maxConcurrency ?? 4),
    now: options.now ?? Date.now,
  };
  const { defaultCountry, phoneFields } = options;
  let provisioned = false;

  async function provision(context: CallContext): Promise<Provisioning> {
    if (provisioned) return { kind: 'ready', created: [] };
    const outcome = await provisionKeyProperties(openSession(api, context));
    provisioned = outcome.kind === 'ready';
    return outcome;
  }

  /** Runs one call in a session of its own, and forgets that the account was ready when a result shows that it is not. */
  async function call<R extends Result>(
    context: CallContext,
    step: (session: ApiSession) => Promise<readonly R[]>,
  ): Promise<readonly R[]> {
    const results = await step(openSession(api, context));
    if (results.some((result) => 'failure' in result && keyPropertyAtFault(result.failure))) provisioned = false;
    return results;
  }

  return {
    crm: 'hubspot',
    provision,
    lookUpPeople: (queries, fields, context) =>
      call(context, (session) => lookUpPeople(session, queries, { defaultCountry, phoneFields, fields })),
    readPeople: (refs, fields, context) => call(context, (session) => readPeople(session, refs, fields)),
    upsertPeople: (writes, context) => call(context, (session) => upsertPeople(session, writes)),
    upsertActivities: (writes, context) => call(context, (session) => upsertActivities(session, writes)),
    upsertTasks: (writes, context) => call(context, (session) => upsertTasks(session, writes)),
    link: (writes, context) => call(context, (session) => associate(session, writes)),
    // Sockets belong to the transport, which serves other connections too.
    close: () => Promise.resolve(),
  };
}
