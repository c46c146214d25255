import type {
  FieldValues,
  LinkResult,
  PersonQuery,
  PersonSearch,
  RecordRead,
  RemoveResult,
  WriteResult,
} from '../../src/domain/crm.ts';
import type { CallContext, Connector, Provisioning } from '../connector.ts';
import type { HttpTransport } from '../transport/http-transport.ts';
import { pinBase } from '../transport/origin.ts';
import { createAccountProperties } from './account-properties.ts';
import { createWrittenMemory, KEYED_ACCOUNT, type AccountShape } from './account-shape.ts';
import { DEFAULT_API_VERSION, openSession, type ApiOptions, type ApiSession, type ApiVersion } from './api.ts';
import { associate } from './associate.ts';
import { createBound } from './bounded.ts';
import { checkAccount } from './check-account.ts';
import { completeTasks } from './complete-tasks.ts';
import { describeObjects } from './describe.ts';
import { findRelated } from './find-related.ts';
import { keyPropertyAtFault } from './key-property.ts';
import { lookUpPeople } from './look-up-people.ts';
import { createOwnerDirectory } from './owners.ts';
import { ACTIVITY_OBJECT, type WrittenObject } from './properties.ts';
import { provisionAccount } from './provision.ts';
import { createQuotaMemory } from './quota.ts';
import { readPeople } from './read-people.ts';
import { readRecords } from './read-records.ts';
import { removeRecords } from './remove-records.ts';
import { upsertPeople } from './upsert-people.ts';
import { upsertActivities, upsertTasks } from './upserts.ts';
import { writeFitted } from './write-fitted.ts';

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

type Result = PersonSearch | RecordRead | WriteResult | LinkResult | RemoveResult;

/** @throws TypeError for a base URL that may not be used. */
export function createHubSpotConnector(options: HubSpotConnectorOptions): Connector<'hubspot'> {
  const now = options.now ?? Date.now;
  const quota = createQuotaMemory(now);
  const owners = createOwnerDirectory(now);
  const written = createWrittenMemory();
  const api: ApiOptions = {
    base: pinBase(options.baseUrl),
    version: options.apiVersion ?? DEFAULT_API_VERSION,
    accessToken: options.accessToken,
    transport: options.transport,
    bounded: createBound(options.maxConcurrency ?? 4),
    now,
    onHeaders: (headers) => quota.note(headers),
  };
  const { defaultCountry, phoneFields } = options;
  let shape: AccountShape | undefined;

  /** How the account is written to; one that was not looked at is taken to have our properties. */
  const writing = () => ({ shape: shape ?? KEYED_ACCOUNT, written, defaultCountry, phoneFields });

  async function provision(context: CallContext): Promise<Provisioning> {
    if (shape !== undefined) return { kind: 'ready', created: [] };
    const properties = createAccountProperties(now);
    const { looksOnly = false } = context;
    const outcome = await provisionAccount(openSession(api, context), { properties, looksOnly });
    if (outcome.kind === 'failed') return outcome;
    if (outcome.kind === 'incomplete') return { kind: 'ready', created: [], missing: outcome.missing };
    shape = outcome.shape;
    return { kind: 'ready', created: outcome.created };
  }

  function lookUp(session: ApiSession, queries: readonly PersonQuery[], fields: readonly string[]) {
    const hasKey = !writing().shape.unkeyed.has('contacts');
    return lookUpPeople(session, queries, { defaultCountry, phoneFields, fields, hasKey });
  }

  /** Runs one call in a session of its own, and forgets that the account was ready when a result shows that it is not. */
  async function call<R extends Result>(
    context: CallContext,
    step: (session: ApiSession) => Promise<readonly R[]>,
  ): Promise<readonly R[]> {
    const results = await step(openSession(api, context));
    if (results.some((result) => 'failure' in result && keyPropertyAtFault(result.failure))) shape = undefined;
    return results;
  }

  /** Writes with values that the account has options for. */
  function write<W extends { readonly fields: FieldValues }>(
    writes: readonly W[],
    context: CallContext,
    objectOf: (write: W) => WrittenObject,
    send: (session: ApiSession, writes: readonly W[]) => Promise<readonly WriteResult[]>,
  ): Promise<readonly WriteResult[]> {
    const { properties } = writing().shape;
    return call(context, (session) =>
      writeFitted(writes, {
        properties,
        openSession: () => openSession(api, context),
        objectOf,
        send: (fitted) => send(session, fitted),
      }),
    );
  }

  return {
    crm: 'hubspot',
    provision,
    lookUpPeople: (queries, fields, context) => call(context, (session) => lookUp(session, queries, fields)),
    readPeople: (refs, fields, context) => call(context, (session) => readPeople(session, refs, fields)),
    readRecords: (refs, fields, context) => call(context, (session) => readRecords(session, refs, fields)),
    upsertPeople: (writes, context) =>
      write(
        writes,
        context,
        () => 'contacts',
        (session, some) => upsertPeople(session, some, writing()),
      ),
    upsertActivities: (writes, context) =>
      write(
        writes,
        context,
        ({ kind }) => ACTIVITY_OBJECT[kind],
        (session, some) => upsertActivities(session, some, writing()),
      ),
    upsertTasks: (writes, context) =>
      write(
        writes,
        context,
        () => 'tasks',
        (session, some) => upsertTasks(session, some, writing()),
      ),
    link: (writes, context) => call(context, (session) => associate(session, writes)),
    completeTasks: (refs, context) => call(context, (session) => completeTasks(session, refs)),
    remove: (refs, context) => call(context, (session) => removeRecords(session, refs)),
    findRelated: (queries, context) => findRelated(openSession(api, context), queries),
    findOwners: (queries, context) => owners.find(openSession(api, context), queries),
    describe: (context) => describeObjects(openSession(api, context)),
    check: (context) =>
      checkAccount({
        // A refusal ends a session: each look at the account has its own.
        openSession: () => openSession(api, context),
        version: api.version,
        now,
        quota: () => quota.readings(),
        unkeyed: writing().shape.unkeyed,
      }),
    quota: () => quota.readings(),
    // Sockets belong to the transport, which serves other connections too.
    close: () => Promise.resolve(),
  };
}
