import type {
  ActivityWrite,
  CrmFailure,
  CrmKind,
  LinkResult,
  LinkWrite,
  PersonQuery,
  PersonRead,
  PersonSearch,
  PersonWrite,
  RecordRef,
  TaskWrite,
  WriteResult,
} from '../src/domain/crm.ts';

/** What every call into a connector carries. */
export interface CallContext {
  /** Aborted when the batch has run out of time; every request ends with it. */
  readonly signal: AbortSignal;
  /** Told of every request that left, with its endpoint class (`search`, `batch-upsert`), for traces and metrics. */
  readonly onRequest?: (request: RequestRecord) => void;
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
  | { readonly kind: 'ready'; readonly created: readonly string[] }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/**
 * A CRM account. Batch in, one result per item out, in the order of the input; a failure of the call as a whole is the
 * result of each item it covered. Nothing here throws for a vendor's answer, and nothing retries: it classifies.
 *
 * Writes are idempotent: the same key twice, at once or a year apart, ends as one record. Callers give each key at most
 * once per call. Any number of items may be given; the connector cuts them to the vendor's batch size.
 */
export interface Connector {
  readonly crm: CrmKind;

  /** Creates what writing needs (unique properties, their group) where it is missing. Idempotent; remembers success. */
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

  upsertPeople(writes: readonly PersonWrite[], context: CallContext): Promise<readonly WriteResult[]>;

  upsertActivities(writes: readonly ActivityWrite[], context: CallContext): Promise<readonly WriteResult[]>;

  upsertTasks(writes: readonly TaskWrite[], context: CallContext): Promise<readonly WriteResult[]>;

  /** Idempotent; linking what is linked is a success. */
  link(writes: readonly LinkWrite[], context: CallContext): Promise<readonly LinkResult[]>;

  /** Gives back sockets. */
  close(): Promise<void>;
}
