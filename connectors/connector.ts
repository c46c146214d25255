import type {
  ActivityWrite,
  CrmFailure,
  CrmKind,
  Description,
  Finding,
  LinkResult,
  LinkWrite,
  OwnerAnswer,
  OwnerQuery,
  PersonQuery,
  PersonRead,
  PersonSearch,
  PersonWrite,
  QuotaReading,
  RecordRead,
  RecordRef,
  RelatedAnswer,
  RelatedQuery,
  RemoveResult,
  TaskWrite,
  WriteResult,
} from '../src/domain/crm.ts';
import type { RequestGate } from './budget/gate.ts';
import type { TrafficClass } from './budget/traffic-class.ts';

/** What every call into a connector carries. */
export interface CallContext {
  /** Aborted when the batch has run out of time; every request ends with it. */
  readonly signal: AbortSignal;
  /** Told of every request that left, with its endpoint class (`search`, `batch-upsert`), for traces and metrics. */
  readonly onRequest?: (request: RequestRecord) => void;
  /** For whom the call is made; decides how much of the CRM's limits it may use. `live` unless given. */
  readonly trafficClass?: TrafficClass;
  /**
   * Aborted when something more urgent waits for this batch to end. Requests go on; what the CRM works on by itself is
   * not waited for any longer, and its records are refused as unfinished.
   */
  readonly hurry?: AbortSignal;
  /** Asked before every request leaves. Absent where nobody keeps a budget, as in a check by hand. */
  readonly gate?: RequestGate;
  /** True where nothing may change in the account, as for a plan that is only shown. Preparing it then only looks. */
  readonly looksOnly?: boolean;
}

/** One request as the trace shows it: no body, no ids of people. */
export interface RequestRecord {
  readonly endpoint: string;
  /** Absent when no answer came. */
  readonly status: number | undefined;
  readonly durationMs: number;
}

/** Whether the account is ready to be written to. */
export type Provisioning =
  | {
      readonly kind: 'ready';
      readonly created: readonly string[];
      /** What would have been created; only where nothing may be. */
      readonly missing?: readonly string[];
    }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/**
 * A CRM account. Batch in, one result per item out, in the order of the input; a failure of the call as a whole is the
 * result of each item it covered. Nothing here throws for a vendor's answer, and nothing retries: it classifies.
 *
 * Writes are idempotent: the same key twice, at once or a year apart, ends as one record. Callers give each key at most
 * once per call. Any number of items may be given; the connector cuts them to the vendor's batch size.
 */
export interface Connector<K extends CrmKind = CrmKind> {
  readonly crm: K;

  /** The CRM takes large amounts in another way, which is cheaper from so many conversations of the class on. */
  readonly largeBatch?: { readonly atLeast: number; readonly trafficClass: TrafficClass };

  /**
   * Creates what writing needs (unique properties, their group) where it is missing. Idempotent; remembers success.
   * Where the context only looks, says what is missing instead, and remembers nothing of an account that is not ready.
   */
  provision(context: CallContext): Promise<Provisioning>;

  /**
   * Finds people by number or address. Over-inclusive answers of the vendor are verified here: a candidate really has
   * the number. `fields` are read along, for write modes that ask what is there.
   */
  lookUpPeople(
    queries: readonly PersonQuery[],
    fields: readonly string[],
    context: CallContext,
  ): Promise<readonly PersonSearch[]>;

  /** Reads known people, past any search index. */
  readPeople(
    refs: readonly RecordRef[],
    fields: readonly string[],
    context: CallContext,
  ): Promise<readonly PersonRead[]>;

  /**
   * Reads activities and tasks that we wrote, for write modes that ask what people have made of them. Past any search
   * index, archived ones too.
   */
  readRecords(
    refs: readonly RecordRef[],
    fields: readonly string[],
    context: CallContext,
  ): Promise<readonly RecordRead[]>;

  upsertPeople(writes: readonly PersonWrite[], context: CallContext): Promise<readonly WriteResult[]>;

  upsertActivities(writes: readonly ActivityWrite[], context: CallContext): Promise<readonly WriteResult[]>;

  upsertTasks(writes: readonly TaskWrite[], context: CallContext): Promise<readonly WriteResult[]>;

  /** Idempotent; linking what is linked is a success. */
  link(writes: readonly LinkWrite[], context: CallContext): Promise<readonly LinkResult[]>;

  /** Marks tasks as done. A task that is gone is a `resolve` refusal. */
  completeTasks(refs: readonly RecordRef[], context: CallContext): Promise<readonly WriteResult[]>;

  /** Deletes records that we wrote, into the CRM's own bin where it has one. */
  remove(refs: readonly RecordRef[], context: CallContext): Promise<readonly RemoveResult[]>;

  /**
   * Finds what else belongs to people: their company or account, their open deals, tickets, opportunities and cases.
   * Newest change first within a kind.
   */
  findRelated(queries: readonly RelatedQuery<K>[], context: CallContext): Promise<readonly RelatedAnswer[]>;

  /** Finds owners, active and inactive. Addresses and names are compared without case. Answers are remembered a while. */
  findOwners(queries: readonly OwnerQuery<K>[], context: CallContext): Promise<readonly OwnerAnswer[]>;

  /** The live schema of the objects we write, as the integration user sees it. Not cached here. */
  describe(context: CallContext): Promise<Description>;

  /** Looks at the account as the integration user: credentials, scopes, objects, fields, unique keys, limits. Changes nothing. */
  check(context: CallContext): Promise<readonly Finding[]>;

  /** What the vendor last said of its limits; empty before the first answer and for CRMs that do not say. */
  quota(): readonly QuotaReading[];

  /** Gives back sockets. */
  close(): Promise<void>;
}
