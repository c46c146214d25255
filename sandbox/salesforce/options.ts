import type { ErrorCode } from './error-codes.ts';
import type { ObjectName } from './object-types.ts';
import { defaultConnectedApp, defaultQueues, defaultStatuses, defaultUsers } from './org-defaults.ts';
import type { CustomField } from './setup-fields.ts';
import type { TaskStatusValue } from './task-fields.ts';

export interface AccessToken {
  readonly token: string;
  /** Id of the user it acts as; absent = the integration user. */
  readonly userId?: string;
  /** Unix milliseconds from which on it is answered as expired; absent = never. */
  readonly expiresAt?: number;
}

/** A connected (or external client) app of the org, with what its flows need. */
export interface ConnectedApp {
  readonly clientId: string;
  /** Absent = a public client. */
  readonly clientSecret?: string;
  /** User that client credentials run as; absent = the flow is switched off. */
  readonly runAs?: string;
  /** Certificate or public key (PEM) of the JWT bearer flow; absent = the flow is switched off. */
  readonly certificate?: string;
  /** Where a person may be sent back to; absent = the web server flow is switched off. */
  readonly callbackUrls?: readonly string[];
  /** Refresh tokens a person gave it, each with that person's user id. */
  readonly refreshTokens?: readonly { readonly token: string; readonly userId: string }[];
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly isActive: boolean;
}

export interface Queue {
  readonly id: string;
  readonly name: string;
  readonly developerName: string;
  /** Objects whose records it may own. */
  readonly objects: readonly ObjectName[];
}

/** A record type, as the integration user's profile gives it to him. */
interface RecordType {
  readonly id: string;
  readonly object: ObjectName;
  readonly name: string;
  readonly developerName: string;
  readonly isActive: boolean;
  /** False: others of the org may choose it, the integration user may not. */
  readonly isAvailable: boolean;
  /** What his new records get when they name none. */
  readonly isDefault?: boolean;
  /** Of Account only: its records are person accounts. */
  readonly isPersonType?: boolean;
}

/** Refuses to save a second record that agrees with another one in any of the fields. */
export interface DuplicateRule {
  readonly object: ObjectName;
  /** Other objects whose records are compared too, as Salesforce's own rule for leads looks at contacts. */
  readonly alsoAgainst?: readonly ObjectName[];
  readonly fields: readonly string[];
  /** `alert` gives way to `allowSave=true`, `block` does not. */
  readonly action: 'alert' | 'block';
}

/** Refuses to save: a validation rule, or with another code what a trigger or a lock would say. */
interface ValidationRule {
  readonly object: ObjectName;
  readonly field: string;
  /** Source of a regular expression; a field without a value is tried as ''. */
  readonly matches: string;
  readonly message: string;
  /** Default FIELD_CUSTOM_VALIDATION_EXCEPTION. */
  readonly code?: ErrorCode;
  /** Saves it refuses before it lets all pass; absent = for ever. */
  readonly times?: number;
}

/** What the vendor leaves unsaid, as switches; `docs/sandbox-salesforce.md` says for each why it exists. */
interface UnknownBehaviour {
  readonly taskSubtypeOnUpdate: 'refuse' | 'accept';
  /** HTTP status of an upsert that updated; 204 has no body. */
  readonly upsertSingleAnswer: 200 | 204;
  /** What an unknown column or an unreadable value in one row of a collection ends. */
  readonly unreadableRow: 'call' | 'row';
  /** A time stamp where a date belongs. */
  readonly timestampForDate: 'refuse' | 'cut';
  readonly deletedReference: 'ENTITY_IS_DELETED' | 'INVALID_CROSS_REFERENCE_KEY';
  readonly duplicateResultKey: 'duplicateResult' | 'duplicateResut';
  /** What a save says of an owner who is no longer active. */
  readonly inactiveOwner: 'INACTIVE_OWNER_OR_USER' | 'INVALID_CROSS_REFERENCE_KEY';
  /** Whether the contact of a person account takes changes, which then are the account's too. */
  readonly personContactUpdate: 'refuse' | 'accept';
  /** `tokens`: a number is found by the groups it was typed in; `digits`: also by all its digits in a row. */
  readonly phoneSearch: 'tokens' | 'digits';
  /** `declared`: a line break other than the job's own, in a value too, fails a bulk job; `any`: it is taken. */
  readonly bulkLineBreaks: 'declared' | 'any';
}

export interface SalesforceSandboxOptions extends UnknownBehaviour {
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  readonly accessTokens: readonly AccessToken[];
  readonly connectedApps: readonly ConnectedApp[];
  /** Each use of a refresh token gives a new one; the old one used again ends the whole family. */
  readonly refreshTokenRotation: boolean;
  /** What a person answers on the consent page; `ask` leaves it to whoever opens the page. */
  readonly consent: 'allow' | 'deny' | 'ask';
  /** Id of the user who is signed in at the consent page. */
  readonly signedInUserId: string;
  /** Milliseconds each answer is held back after it was worked out. */
  readonly latencyMs: number;
  /** Milliseconds until a change is visible to SOSL; SOQL and reads see it at once. */
  readonly searchLagMs: number;
  /** Requests in 24 hours, rolling; null = no limit is enforced. */
  readonly dailyRequests: number | null;
  /** The newest API version there is, such as 67; 31 is the oldest. */
  readonly newestApiVersion: number;
  /** Fixes ids. */
  readonly seed: number;
  /** The sandbox's clock, Unix milliseconds. */
  readonly now: () => number;
  readonly organizationId: string;
  readonly users: readonly User[];
  /** Whom tokens act as that name nobody. */
  readonly integrationUserId: string;
  readonly queues: readonly Queue[];
  readonly taskStatuses: readonly TaskStatusValue[];
  /** Objects without any have no `RecordTypeId`. */
  readonly recordTypes: readonly RecordType[];
  /** Whether accounts may be people; it takes a record type of Account that makes them so. */
  readonly personAccounts: boolean;
  /** Whether Task shows `Type`. */
  readonly taskTypeField: boolean;
  /** External id on Activity, or null for an org without it. */
  readonly taskExternalIdField: string | null;
  /** False lets several tasks hold one external id, so that an upsert finds several. */
  readonly taskExternalIdUnique: boolean;
  /** External id on Contact and Lead, or null for an org without it. */
  readonly personKeyField: string | null;
  readonly customFields: Readonly<Partial<Record<ObjectName, readonly CustomField[]>>>;
  /** Field-level security by `Object.Field`: invisible, or only to be read. */
  readonly fieldAccess: Readonly<Record<string, 'none' | 'read'>>;
  /** Objects the integration user may not see. */
  readonly hiddenObjects: readonly ObjectName[];
  /** Fields an administrator made required, by object. */
  readonly requiredByAdmin: Readonly<Partial<Record<ObjectName, readonly string[]>>>;
  readonly duplicateRules: readonly DuplicateRule[];
  readonly validationRules: readonly ValidationRule[];
  /** Who gets leads and cases that are saved without `Sforce-Auto-Assign: FALSE`. */
  readonly assignmentRules: Readonly<Partial<Record<'Lead' | 'Case', string>>>;
  /** Days after which closed tasks are archived; null = never. */
  readonly archiveAfterDays: number | null;
  /** Whether the org has the Bulk API. */
  readonly bulkApi: 'on' | 'off';
  /** Milliseconds by the sandbox's clock that a bulk job takes once its upload is closed; null = it never ends. */
  readonly bulkJobMs: number | null;
  /** Bulk jobs fail after so many rows, the rest unprocessed; null = none does. */
  readonly bulkFailAfterRows: number | null;
  /** Bytes of the data of one bulk job. */
  readonly bulkUploadBytes: number;
  /** Batches of 10,000 records that bulk jobs may take in 24 hours. */
  readonly bulkBatchesPerDay: number;
  /** Rows of one page of a query. */
  readonly queryPageSize: number;
}

export const defaultOptions: SalesforceSandboxOptions = {
  port: 0,
  host: '127.0.0.1',
  accessTokens: [{ token: 'sandbox-salesforce-token' }],
  connectedApps: [defaultConnectedApp],
  refreshTokenRotation: true,
  consent: 'allow',
  signedInUserId: defaultConnectedApp.runAs,
  latencyMs: 0,
  searchLagMs: 15_000,
  dailyRequests: 100_000,
  newestApiVersion: 67,
  seed: 1,
  now: Date.now,
  organizationId: '00D4S000000SandUAO',
  users: defaultUsers,
  integrationUserId: defaultConnectedApp.runAs,
  queues: defaultQueues,
  taskStatuses: defaultStatuses,
  recordTypes: [],
  personAccounts: false,
  taskTypeField: false,
  taskExternalIdField: 'PersonaDesk_Conversation_Id__c',
  taskExternalIdUnique: true,
  personKeyField: 'PersonaDesk_Person_Key__c',
  customFields: {},
  fieldAccess: {},
  hiddenObjects: [],
  requiredByAdmin: {},
  duplicateRules: [],
  validationRules: [],
  assignmentRules: { Lead: defaultQueues[0].id, Case: defaultQueues[0].id },
  archiveAfterDays: 365,
  bulkApi: 'on',
  bulkJobMs: 1_000,
  bulkFailAfterRows: null,
  bulkUploadBytes: 100 * 1024 * 1024,
  bulkBatchesPerDay: 15_000,
  queryPageSize: 2_000,
  taskSubtypeOnUpdate: 'refuse',
  upsertSingleAnswer: 200,
  unreadableRow: 'call',
  timestampForDate: 'refuse',
  deletedReference: 'ENTITY_IS_DELETED',
  duplicateResultKey: 'duplicateResult',
  inactiveOwner: 'INACTIVE_OWNER_OR_USER',
  personContactUpdate: 'refuse',
  phoneSearch: 'tokens',
  bulkLineBreaks: 'declared',
};

/** Options over their base. */
export function mergeOptions(
  base: SalesforceSandboxOptions,
  given: Partial<SalesforceSandboxOptions>,
): SalesforceSandboxOptions {
  return { ...base, ...given };
}
