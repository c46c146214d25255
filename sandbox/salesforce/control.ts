import type { FaultPlan, FaultRegister } from '../server/faults.ts';
import { finishBulkJobs } from './bulk-process.ts';
import { convertLead } from './convert-lead.ts';
import type { FieldValue, FieldValues } from './field.ts';
import { mergePeople } from './merge-people.ts';
import { objectTypes, type ObjectName } from './object-types.ts';
import { mergeOptions, type AccessToken, type ConnectedApp, type SalesforceSandboxOptions } from './options.ts';
import type { Org } from './org.ts';
import { restoreSnapshot, takeSnapshot, type OrgSnapshot } from './org-snapshot.ts';
import { canonicalId } from './record-ids.ts';
import type { RecordWrite, SalesforceRecord } from './record-store.ts';
import type { Checked } from './refusal.ts';
import type { LoggedRequest, RequestCounts, RequestLog } from './request-log.ts';
import { createRecord, deleteRecord, updateRecord } from './save-record.ts';
import type { SaveContext } from './save-context.ts';
import type { CustomField } from './setup-fields.ts';
import type { TokenRegister } from './token-register.ts';

/** A record as the sandbox's owner sees it: everything, deleted ones included. */
interface RecordSnapshot {
  readonly id: string;
  readonly type: ObjectName;
  readonly deleted: boolean;
  readonly fields: FieldValues;
  /** Every write, oldest first; `by` is the user's id and tells people from integrations. */
  readonly writes: readonly RecordWrite[];
}

/** What may be changed while the sandbox runs. */
type ChangeableOptions = Partial<
  Omit<SalesforceSandboxOptions, 'port' | 'host' | 'accessTokens' | 'users' | 'queues' | 'recordTypes' | 'seed'>
>;

/** What tests and the demo do to the sandbox that no API client could. */
export interface SalesforceSandboxControl {
  /** An org with nothing but its users; tokens and options are again those of the start. */
  reset(): void;
  /**
   * Puts records in as a person would have made them long ago: visible to search at once, past all assignment rules.
   * `CreatedDate` may be given to make them old. @returns their ids, in the order given.
   * @throws Error when a value would not be accepted (codes and field names only).
   */
  seedRecords(type: ObjectName, records: readonly FieldValues[]): readonly string[];
  /** All records of an object, oldest first, deleted ones included. */
  records(type: ObjectName): readonly RecordSnapshot[];
  /** Live records whose field has this value now. */
  findByField(type: ObjectName, field: string, value: FieldValue): readonly RecordSnapshot[];
  /** The newest requests of the API, oldest first. */
  requestLog(): readonly LoggedRequest[];
  requestCounts(): RequestCounts;
  setOptions(options: ChangeableOptions): void;
  addToken(token: AccessToken): void;
  addConnectedApp(app: ConnectedApp): void;
  /** From now on the access or refresh token is refused. */
  revokeToken(token: string): void;
  addField(type: ObjectName, field: CustomField): void;
  /** Takes a field away, as an administrator who deletes it; what it held comes back with it. */
  removeField(type: ObjectName, field: string): void;
  /** Field-level security: the integration user no longer sees the field, or may no longer write it. */
  withdrawFieldAccess(type: ObjectName, field: string, left?: 'none' | 'read'): void;
  restoreFieldAccess(type: ObjectName, field: string): void;
  /** Changes a record as a person in the browser. @throws Error as seedRecords does. */
  editAsPerson(type: ObjectName, id: string, fields: FieldValues): void;
  deleteAsPerson(type: ObjectName, id: string): void;
  /** Converts a lead as a person does: its tasks move to the new contact. @returns the contact's id. */
  convertLead(id: string): string;
  /** Merges a person into another one of the same object, which keeps its own values. @throws Error when one is not there. */
  mergeAsPerson(type: 'Contact' | 'Lead', keptId: string, lostId: string): void;
  /** Works on all bulk jobs that were handed in, however long they should take. @returns how many there were */
  finishBulkJobs(): number;
  /** The org's data as a JSON value, for the next start. */
  snapshot(): OrgSnapshot;
  /** Brings that data back, with the ids it had. */
  restore(snapshot: OrgSnapshot): void;
  /** Requests of the daily limit that somebody else has used. */
  spendDailyRequests(requests: number): void;
  injectFault(plan: FaultPlan): void;
  clearFaults(): void;
  /** Requests that met a fault since the start or the last reset, counted as the fault begins. */
  faultsHit(): number;
  /** Resolves once `isTrue` holds; looks after every change. @throws Error after `timeoutMs` milliseconds. */
  waitFor(isTrue: (sandbox: SalesforceSandboxControl) => boolean, timeoutMs: number): Promise<void>;
}

export interface ControlDependencies {
  readonly org: Org;
  readonly tokens: TokenRegister;
  readonly faults: FaultRegister;
  readonly log: RequestLog;
}

export function createControl({ org, tokens, faults, log }: ControlDependencies): SalesforceSandboxControl {
  const initial = org.options;
  const change = (options: ChangeableOptions): void => {
    org.options = mergeOptions(org.options, options);
  };
  const control: SalesforceSandboxControl = {
    reset: () => {
      org.options = initial;
      org.reset();
      tokens.reset();
      faults.reset();
      log.reset();
    },
    seedRecords: (type, records) => records.map((fields) => seed(org, type, fields)),
    records: (type) => org.records.all(type).map(recordSnapshot),
    findByField: (type, field, value) =>
      org.records
        .all(type)
        .filter((record) => !record.isDeleted && (record.values[field] ?? null) === value)
        .map(recordSnapshot),
    requestLog: () => log.entries(),
    requestCounts: () => log.counts(),
    setOptions: change,
    addToken: (token) => tokens.add(token),
    addConnectedApp: (app) => {
      org.options = { ...org.options, connectedApps: [...org.options.connectedApps, app] };
      tokens.addApp(app);
    },
    revokeToken: (token) => tokens.revoke(token),
    addField: (type, field) => {
      const { customFields } = org.options;
      change({ customFields: { ...customFields, [type]: [...(customFields[type] ?? []), field] } });
    },
    removeField: (type, field) => setAccess(org, type, field, 'none'),
    withdrawFieldAccess: (type, field, left = 'none') => setAccess(org, type, field, left),
    restoreFieldAccess: (type, field) => {
      const { [`${type}.${field}`]: _, ...fieldAccess } = org.options.fieldAccess;
      change({ fieldAccess });
    },
    editAsPerson: (type, id, fields) => {
      must(type, updateRecord(asPerson(org), live(org, type, id), fields));
    },
    deleteAsPerson: (type, id) => {
      const problem = deleteRecord(asPerson(org), live(org, type, id));
      if (problem !== null) throw new Error(`the Salesforce sandbox cannot delete this ${type}: ${problem.code}`);
    },
    convertLead: (id) => convertLead(org, asPerson(org).userId, live(org, 'Lead', id)),
    mergeAsPerson: (type, keptId, lostId) =>
      mergePeople(org, asPerson(org).userId, live(org, type, keptId), live(org, type, lostId)),
    finishBulkJobs: () => finishBulkJobs(org),
    snapshot: () => takeSnapshot(org),
    restore: (snapshot) => restoreSnapshot(org, snapshot),
    spendDailyRequests: (requests) => org.daily.spend(requests),
    injectFault: (plan) => faults.inject(plan),
    clearFaults: () => faults.clear(),
    faultsHit: () => faults.hits(),
    waitFor: (isTrue, timeoutMs) => org.changes.until(() => isTrue(control), timeoutMs),
  };
  return control;
}

/** A person of the org who is not the integration. */
function asPerson(org: Org): SaveContext {
  const { users, integrationUserId } = org.options;
  const person = users.find((user) => user.isActive && user.id !== integrationUserId);
  return { org, userId: person?.id ?? integrationUserId, autoAssign: false, allowSave: true };
}

function seed(org: Org, type: ObjectName, { CreatedDate, ...fields }: FieldValues): string {
  return org.asExistingData(() => {
    const context = asPerson(org);
    const record = must(type, createRecord(context, type, fields));
    if (CreatedDate !== undefined) org.records.update(record, { CreatedDate }, context.userId);
    return record.id;
  });
}

/** What Salesforce's own pages would not let a person enter is a mistake of the test. */
function must(type: ObjectName, saved: Checked<SalesforceRecord>): SalesforceRecord {
  if (saved.ok) return saved.value;
  const { code, fields = [] } = saved.problem;
  throw new Error(`the Salesforce sandbox cannot take this ${type}: ${code} ${fields.join(', ')}`);
}

function setAccess(org: Org, type: ObjectName, field: string, left: 'none' | 'read'): void {
  if (!org.schema.exists(type, field)) {
    throw new Error(`the Salesforce sandbox has no field ${field} of ${objectTypes[type].name}`);
  }
  org.options = { ...org.options, fieldAccess: { ...org.options.fieldAccess, [`${type}.${field}`]: left } };
}

function live(org: Org, type: ObjectName, id: string): SalesforceRecord {
  const record = org.records.live(type, canonicalId(id) ?? '');
  if (record === null) throw new Error(`the Salesforce sandbox has no live record ${id} of ${type}`);
  return record;
}

function recordSnapshot(record: SalesforceRecord): RecordSnapshot {
  const { id, object: type, isDeleted: deleted, values: fields, writes } = record;
  return { id, type, deleted, fields, writes: [...writes] };
}
