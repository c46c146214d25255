import type { Account } from './account.ts';
import { restoreSnapshot, takeSnapshot, type AccountSnapshot } from './account-snapshot.ts';
import type { RecordKey } from './association-store.ts';
import { defaultAssociationType, primaryAssociationType } from './association-types.ts';
import type { TokenRegister } from './authorization.ts';
import { checkProperties, uniqueConflict } from './check-record.ts';
import type { FaultPlan, FaultRegister } from '../server/faults.ts';
import type { Installations } from './installations.ts';
import { archiveRecord } from './object-endpoints.ts';
import { objectTypes, type ObjectTypeName } from './object-types.ts';
import { mergeOptions, type AccessToken, type HubSpotSandboxOptions } from './options.ts';
import type { PropertyOption } from './property-definition.ts';
import type { RateLimiter } from './rate-limits.ts';
import { historyOf, type CrmRecord, type PropertyValues, type PropertyVersion } from './record-store.ts';
import type { LoggedRequest, RequestCounts, RequestLog } from './request-log.ts';

/** A record as the sandbox's owner sees it: everything, archived ones included. */
interface RecordSnapshot {
  readonly id: string;
  readonly type: ObjectTypeName;
  readonly archived: boolean;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly properties: PropertyValues;
  readonly associations: readonly SnapshotLink[];
  /** Versions of each written property, newest first; `sourceType` tells people from integrations. */
  readonly history: Readonly<Record<string, readonly PropertyVersion[]>>;
}

interface SnapshotLink {
  readonly type: ObjectTypeName;
  readonly id: string;
  readonly typeIds: readonly number[];
}

/** What may be changed while the sandbox runs. */
type ChangeableOptions = Partial<Omit<HubSpotSandboxOptions, 'port' | 'host' | 'accessTokens'>>;

/** What tests and the demo do to the sandbox that no API client could. */
export interface HubSpotSandboxControl {
  /** Empties the account, the log, the limits and the faults; tokens and options are again those of the start. */
  reset(): void;
  /**
   * Puts records in as a person would have made them long ago: visible to search at once.
   * @returns their ids, in the order given.
   * @throws Error when a value would not be accepted (codes and property names only).
   */
  seedRecords(type: ObjectTypeName, records: readonly PropertyValues[]): readonly string[];
  /** All records of an object, oldest first, archived ones included. */
  records(type: ObjectTypeName): readonly RecordSnapshot[];
  /** Live records whose property has this value now. */
  findByProperty(type: ObjectTypeName, property: string, value: string): readonly RecordSnapshot[];
  /** The newest requests of the CRM API, oldest first. */
  requestLog(): readonly LoggedRequest[];
  requestCounts(): RequestCounts;
  setOptions(options: ChangeableOptions): void;
  addToken(token: AccessToken): void;
  /** From now on the access token answers as expired, the refresh token as revoked. */
  revokeToken(token: string): void;
  /** Archives a property that was made through the API. @throws Error when there is none. */
  removeProperty(type: ObjectTypeName, name: string): void;
  /** Replaces the options of a list, as an administrator does in the settings. @throws Error when there is no such list. */
  setPropertyOptions(type: ObjectTypeName, name: string, options: readonly PropertyOption[]): void;
  /** Changes a record as a person in the browser: the history names CRM_UI. @throws Error as seedRecords does. */
  editAsPerson(type: ObjectTypeName, id: string, properties: PropertyValues): void;
  deleteAsPerson(type: ObjectTypeName, id: string): void;
  /** Merges a contact into another one, which keeps its own values. @throws Error when one of them is not there. */
  mergeAsPerson(keptId: string, lostId: string): void;
  /**
   * Links two records as a person in the browser; `primary` marks the company as the main one.
   * @throws Error when one of them is not there, or HubSpot knows no such link.
   */
  linkAsPerson(from: RecordKey, to: RecordKey, kind?: { readonly primary: boolean }): void;
  /** The account's data as a JSON value, for the next start. */
  snapshot(): AccountSnapshot;
  /** Brings that data back, with the ids it had. */
  restore(snapshot: AccountSnapshot): void;
  injectFault(plan: FaultPlan): void;
  clearFaults(): void;
  /** Requests that met a fault since the start or the last reset, counted as the fault begins. */
  faultsHit(): number;
  /** Resolves once `isTrue` holds; looks after every change. @throws Error after `timeoutMs` milliseconds. */
  waitFor(isTrue: (sandbox: HubSpotSandboxControl) => boolean, timeoutMs: number): Promise<void>;
}

export interface ControlDependencies {
  readonly account: Account;
  readonly tokens: TokenRegister;
  readonly installations: Installations;
  readonly limiter: RateLimiter;
  readonly faults: FaultRegister;
  readonly log: RequestLog;
}

const person = { sourceType: 'CRM_UI' } as const;

export function createControl({
  account,
  tokens,
  installations,
  limiter,
  faults,
  log,
}: ControlDependencies): HubSpotSandboxControl {
  const initial = account.options;
  const control: HubSpotSandboxControl = {
    reset: () => {
      account.options = initial;
      account.reset();
      tokens.reset(initial.accessTokens);
      installations.reset();
      limiter.reset();
      faults.reset();
      log.reset();
    },
    seedRecords: (type, records) =>
      account.asExistingData(() =>
        records.map((given) => account.records.create(type, valid(account, type, given, null), person).id),
      ),
    records: (type) => account.records.all(type).map((record) => showToOwner(account, record)),
    findByProperty: (type, property, value) =>
      account.records
        .all(type)
        .filter((record) => record.archivedAt === null && record.values[property] === value)
        .map((record) => showToOwner(account, record)),
    requestLog: () => log.entries(),
    requestCounts: () => log.counts(),
    setOptions: (options) => {
      account.options = mergeOptions(account.options, options);
    },
    addToken: (token) => tokens.add(token),
    revokeToken: (token) => {
      tokens.revoke(token);
      installations.revoke(token);
    },
    removeProperty: (type, name) => {
      const problem = account.registry.remove(objectTypes[type], name);
      if (problem !== null) throw new Error(`cannot remove property ${name} of ${type}: ${problem.category}`);
    },
    setPropertyOptions: (type, name, options) => {
      const property = account.registry.find(type, name);
      if (property?.type !== 'enumeration') throw new Error(`the HubSpot sandbox has no list ${name} of ${type}`);
      account.registry.update(objectTypes[type], { ...property, options });
    },
    editAsPerson: (type, id, properties) => {
      const record = liveRecord(account, type, id);
      account.records.update(record, valid(account, type, properties, record), person);
    },
    deleteAsPerson: (type, id) => archiveRecord(account, liveRecord(account, type, id)),
    mergeAsPerson: (keptId, lostId) => {
      const [kept, lost] = [liveRecord(account, 'contacts', keptId), liveRecord(account, 'contacts', lostId)];
      account.associations.moveAll(lost, kept);
      account.records.merge(kept, lost, person);
    },
    linkAsPerson: (from, to, { primary } = { primary: false }) => {
      const type = primary ? primaryAssociationType(from.type, to.type) : defaultAssociationType(from.type, to.type);
      if (type === null) throw new Error(`the HubSpot sandbox knows no such link from ${from.type} to ${to.type}`);
      for (const end of [from, to]) liveRecord(account, end.type, end.id);
      account.associations.link(from, to, type);
    },
    snapshot: () => takeSnapshot(account),
    restore: (snapshot) => restoreSnapshot(account, snapshot),
    injectFault: (plan) => faults.inject(plan),
    clearFaults: () => faults.clear(),
    faultsHit: () => faults.hits(),
    waitFor: (isTrue, timeoutMs) => account.changes.until(() => isTrue(control), timeoutMs),
  };
  return control;
}

/** Values as HubSpot would hold them; what its own pages would not let a person enter is a mistake of the test. */
function valid(
  account: Account,
  type: ObjectTypeName,
  given: PropertyValues,
  target: CrmRecord | null,
): PropertyValues {
  const checked = checkProperties(account, objectTypes[type], given);
  if (!checked.ok) {
    const codes = (checked.problem.errors ?? []).map(
      (error) => `${error.context?.propertyName?.[0] ?? '?'}: ${error.code ?? '?'}`,
    );
    throw new Error(`the HubSpot sandbox cannot take these ${type}: ${codes.join('; ')}`);
  }
  const conflict = uniqueConflict(account, objectTypes[type], checked.values, target, new Set());
  if (conflict !== null) throw new Error(`the HubSpot sandbox cannot take these ${type}: ${conflict.category}`);
  return checked.values;
}

function liveRecord(account: Account, type: ObjectTypeName, id: string): CrmRecord {
  const record = account.records.live(type, id);
  if (record === null) throw new Error(`the HubSpot sandbox has no live record ${id} of ${type}`);
  return record;
}

function showToOwner(account: Account, record: CrmRecord): RecordSnapshot {
  return {
    id: record.id,
    type: record.type,
    archived: record.archivedAt !== null,
    createdAt: new Date(record.createdAt).toISOString(),
    updatedAt: new Date(record.updatedAt).toISOString(),
    properties: record.values,
    associations: account.associations
      .linksOf(record)
      .map(({ to, types }) => ({ type: to.type, id: to.id, typeIds: types.map((each) => each.id) })),
    history: Object.fromEntries(writtenNames(record).map((name) => [name, historyOf(record, name)])),
  };
}

function writtenNames(record: CrmRecord): readonly string[] {
  return [...new Set(record.writes.flatMap(({ values }) => Object.keys(values)))];
}
