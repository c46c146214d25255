import type { CrmFailure } from '../../src/domain/crm.ts';
import type { CallContext, Connector, Provisioning } from '../connector.ts';
import { remember } from '../schema/remembered.ts';
import type { HttpTransport } from '../transport/http-transport.ts';
import { pinBase } from '../transport/origin.ts';
import { pause, type Pause } from '../transport/pause.ts';
import { createAccountsOfPeople } from './accounts-of-people.ts';
import { openSession, type ApiOptions, type ApiSession } from './api.ts';
import { createBulkWriting } from './bulk/row-writer.ts';
import { completeTasks, linkTasks, removeRecords } from './change-tasks.ts';
import { checkAccount } from './check-account.ts';
import { describeAccount } from './describe-account.ts';
import { PERSON_OBJECTS, type CreatedAs, type PersonObject } from './fields.ts';
import { findRelated } from './find-related.ts';
import { createLimitInfo } from './limit-info.ts';
import { lookUpPeople } from './look-up-people.ts';
import { createOwnerDirectory } from './owners.ts';
import { readPeople } from './read-people.ts';
import { readTasks } from './read-tasks.ts';
import { taskOfActivity, taskOfTask } from './task-writes.ts';
import { upsertPeople } from './upsert-people.ts';
import { readSchema, type Schema } from './schema.ts';
import { withSchema, type StepResult } from './with-schema.ts';
import { writeTasks } from './write-tasks.ts';

export interface SalesforceConnectorOptions {
  /** The org's own address: `https://acme.my.salesforce.com`. */
  readonly baseUrl: string;
  /** Asked before every request; its rejection is the rejection of the call. */
  readonly accessToken: () => Promise<string>;
  /** ISO 3166 alpha-2: the country of numbers without a country code. */
  readonly defaultCountry: string;
  /** Custom fields of contacts and leads that hold phone numbers. */
  readonly phoneFields: readonly string[];
  /** The caller's, to close when its last connector is done. */
  readonly transport: HttpTransport;
  /** Where people are looked for, first the kind that counts most; contacts before leads unless given. */
  readonly objectOrder?: readonly PersonObject[];
  /** What an unknown caller becomes; a lead unless given. */
  readonly createAs?: CreatedAs;
  /** Milliseconds since the epoch; the system's clock unless given. */
  readonly now?: () => number;
  /** How the end of a bulk job is waited for; by the system's clock unless given. */
  readonly pause?: Pause;
  /** A backfill of fewer records of a kind goes as collections; 2,000 unless given. */
  readonly bulkThreshold?: number;
}

/** Salesforce's limits and allocations quick reference, Bulk API 2.0: fewer than 2,000 records are for REST. */
const BULK_THRESHOLD = 2_000;

/** @throws TypeError for a base URL that may not be used. */
export function createSalesforceConnector(options: SalesforceConnectorOptions): Connector<'salesforce'> {
  const now = options.now ?? Date.now;
  const limits = createLimitInfo(now);
  const { accessToken, transport, defaultCountry, phoneFields } = options;
  const api: ApiOptions = { base: pinBase(options.baseUrl), accessToken, transport, limits };
  const objectOrder = options.objectOrder ?? PERSON_OBJECTS;
  const createAs = options.createAs ?? 'Lead';
  const remembered = remember((session: ApiSession) => readSchema(session, objectOrder, createAs), { now });
  const owners = createOwnerDirectory(now);
  const accounts = createAccountsOfPeople();
  const open = (context: CallContext) => openSession(api, context);
  const bulkThreshold = options.bulkThreshold ?? BULK_THRESHOLD;
  const writerFor = createBulkWriting({ threshold: bulkThreshold, pause: options.pause ?? pause, now });

  /** Salesforce lets nobody but an administrator add fields: what is missing is a finding of `check`. */
  async function provision(context: CallContext): Promise<Provisioning> {
    const result = await remembered.get(open(context));
    return result.kind === 'failed' ? result : { kind: 'ready', created: [] };
  }

  function batch<I, R extends StepResult>(
    context: CallContext,
    items: readonly I[],
    fail: (failure: CrmFailure) => R,
    step: (session: ApiSession, schema: Schema, items: readonly I[]) => Promise<readonly R[]>,
  ): Promise<readonly R[]> {
    const session = open(context);
    return withSchema(remembered, session, items, (schema, some) => step(session, schema, some), fail);
  }

  return {
    crm: 'salesforce',
    largeBatch: { atLeast: bulkThreshold, trafficClass: 'backfill' },
    provision,
    lookUpPeople: (queries, fields, context) =>
      batch(context, queries, couldNotCheck, (session, schema, items) =>
        lookUpPeople(session, schema, items, { defaultCountry, phoneFields, objectOrder, fields, accounts }),
      ),
    readPeople: (refs, fields, context) =>
      batch(context, refs, couldNotCheck, (session, schema, items) =>
        readPeople(session, schema, items, fields, accounts),
      ),
    readRecords: (refs, fields, context) =>
      batch(context, refs, couldNotCheck, (session, schema, items) => readTasks(session, schema, items, fields)),
    upsertPeople: (writes, context) =>
      batch(context, writes, refused, (session, schema, items) =>
        upsertPeople(session, schema, items, { createAs, accounts, write: writerFor(session, context) }),
      ),
    upsertActivities: (writes, context) =>
      batch(context, writes, refused, (session, schema, items) =>
        writeTasks(
          session,
          schema,
          items.map((write) => taskOfActivity(write, schema)),
          writerFor(session, context),
        ),
      ),
    upsertTasks: (writes, context) =>
      batch(context, writes, refused, (session, schema, items) =>
        writeTasks(
          session,
          schema,
          items.map((write) => taskOfTask(write, schema)),
          writerFor(session, context),
        ),
      ),
    link: (writes, context) => linkTasks(open(context), writes),
    completeTasks: (refs, context) => batch(context, refs, refused, completeTasks),
    remove: (refs, context) => removeRecords(open(context), refs),
    findRelated: async (queries, context) => {
      const session = open(context);
      // Not by `batch`: an object that the user may not see is no sign of another schema of those that are written.
      const known = await remembered.get(session);
      return known.kind === 'failed'
        ? queries.map(() => couldNotCheck(known.failure))
        : findRelated(session, known.schema, queries);
    },
    findOwners: (queries, context) => owners.find(open(context), queries),
    describe: (context) => describeAccount(open(context)),
    check: (context) => checkAccount(open(context), { objects: objectOrder, createAs, phoneFields, limits }),
    quota: () => limits.readings(),
    // Sockets belong to the transport, which serves other connections too.
    close: () => Promise.resolve(),
  };
}

function couldNotCheck(failure: CrmFailure) {
  return { kind: 'could_not_check', failure } as const;
}

function refused(failure: CrmFailure) {
  return { kind: 'refused', failure } as const;
}
