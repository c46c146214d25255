import type { PersonKey } from './caller.ts';
import type { E164 } from './phone.ts';

/** The CRMs there are connectors for. */
export const CRM_KINDS = ['hubspot', 'salesforce', 'csv-log'] as const;
export type CrmKind = (typeof CRM_KINDS)[number];

/**
 * What a CRM has that another may lack. Code that knows which CRM it speaks to cannot ask it for more: asking HubSpot for
 * an opportunity, or giving a HubSpot record to a queue, does not compile.
 */
interface CrmFeatures {
  readonly hubspot: { readonly related: 'company' | 'deal' | 'ticket'; readonly owner: 'email' | 'id' };
  readonly salesforce: {
    readonly related: 'account' | 'opportunity' | 'case';
    readonly owner: 'email' | 'id' | 'queue';
  };
  readonly 'csv-log': { readonly related: never; readonly owner: never };
}

/** Kinds of record beside people that a conversation may also belong to. */
export type RelatedKind<K extends CrmKind = CrmKind> = CrmFeatures[K]['related'];

/** A record in the CRM; `object` is the CRM's own name for its kind (`contacts`, `calls`). */
export interface RecordRef {
  readonly object: string;
  readonly id: string;
}

/** What a conversation becomes: a call, a text message (SMS and the like) or a web chat. */
export type ActivityKind = 'call' | 'text_message' | 'chat';

/** CRM field name to value, as text: what a CRM's own API takes, and what can be compared. */
export type FieldValues = Readonly<Record<string, string>>;

/** Whom to look for. At least one of the two is given. */
export interface PersonQuery {
  readonly key: PersonKey;
  readonly phone: { readonly e164: E164; readonly national: string } | undefined;
  readonly email: string | undefined;
}

/** A person in the CRM who was verified to have the number or address that was looked for. */
export interface Candidate {
  readonly ref: RecordRef;
  /** The field that held the number or address. */
  readonly matchedBy: string;
  /**
   * Where its kind of record stands in the configured order, 0 first: contacts before leads, say. Only the first rank
   * that has candidates is looked at.
   */
  readonly rank: number;
  /** True when the record carries our person key with exactly this value: it is ours, or was claimed by us before. */
  readonly holdsKey: boolean;
  /** Present values of the fields that were asked for; an empty field is absent. */
  readonly fields: FieldValues;
  /** ISO 8601 UTC; the CRM's own last change. */
  readonly modifiedAt: string | undefined;
}

/** The answer to one query. A look-up that could not be made says nothing about whether the person exists. */
export type PersonSearch =
  | { readonly kind: 'checked'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'could_not_check'; readonly failure: CrmFailure };

/** The answer to reading one known record. `gone` covers deleted and merged away without trace. */
export type RecordRead =
  | {
      readonly kind: 'present';
      readonly ref: RecordRef;
      /** Present values of the fields that were asked for; an empty field is absent. */
      readonly fields: FieldValues;
      /** Characters that a field takes, of the fields that were asked for and where the CRM says so. */
      readonly limits?: Readonly<Record<string, number>> | undefined;
    }
  | { readonly kind: 'gone' }
  | { readonly kind: 'could_not_check'; readonly failure: CrmFailure };

/** The answer to reading one known person. */
export type PersonRead = RecordRead;

/** Creates the person by key (or finds the one who holds it), or updates the one named by `ref`. */
export interface PersonWrite {
  readonly key: PersonKey;
  readonly ref: RecordRef | undefined;
  readonly fields: FieldValues;
}

/** Creates or updates the one activity that carries `key`. */
export interface ActivityWrite {
  /** Unique in the CRM account; made of tenant and conversation. */
  readonly key: string;
  readonly kind: ActivityKind;
  readonly fields: FieldValues;
  /**
   * Whose timeline it belongs on, when that is known. A CRM that keeps this as a field of the record writes it along and
   * says so in `linkedTo`; for the others it is linked afterwards.
   */
  readonly person: RecordRef | undefined;
  /**
   * What else it belongs to: open deals, a case. Handled as `person` is, told in `relatedTo`. A CRM with room for one
   * takes the first.
   */
  readonly related?: readonly RecordRef[] | undefined;
}

/** Creates or updates the one task that carries `key`. */
export interface TaskWrite {
  readonly key: string;
  readonly fields: FieldValues;
  /** As in {@link ActivityWrite}. */
  readonly person: RecordRef | undefined;
  /** As in {@link ActivityWrite}. */
  readonly related?: readonly RecordRef[] | undefined;
}

/** Puts an activity or a task on the timeline of a person, or of a related record. */
export interface LinkWrite {
  readonly from: RecordRef;
  readonly to: RecordRef;
}

export type WriteResult =
  | {
      readonly kind: 'written';
      readonly ref: RecordRef;
      readonly created: boolean;
      /** The person the write itself has put it on the timeline of; absent when that takes a link. */
      readonly linkedTo?: RecordRef | undefined;
      /** The related records the write itself has put it on the timeline of. */
      readonly relatedTo?: readonly RecordRef[] | undefined;
      /**
       * Values that the CRM was given in a form of its own: an option by its id, a text cut to what the field takes.
       * Empty texts for what was left out.
       */
      readonly stored?: FieldValues | undefined;
      /** What of the write was left out or changed, in words without personal data: `Industry__c: no write access`. */
      readonly warnings?: readonly string[] | undefined;
    }
  | { readonly kind: 'refused'; readonly failure: CrmFailure };

export type LinkResult = { readonly kind: 'linked' } | { readonly kind: 'refused'; readonly failure: CrmFailure };

/** `gone` is a success: what was to be removed is not there. */
export type RemoveResult =
  { readonly kind: 'removed' | 'gone' } | { readonly kind: 'refused'; readonly failure: CrmFailure };

/** A person whose related records are asked for, and which kinds of them. */
export interface RelatedQuery<K extends CrmKind = CrmKind> {
  readonly person: RecordRef;
  readonly kinds: readonly RelatedKind<K>[];
}

/** A record that belongs to a person. Closed deals, tickets, opportunities and cases are not among the answers. */
export interface RelatedRecord {
  readonly ref: RecordRef;
  readonly kind: RelatedKind;
  /** ISO 8601 UTC; the CRM's own last change. */
  readonly modifiedAt: string | undefined;
}

/** The answer to one {@link RelatedQuery}. */
export type RelatedAnswer =
  | {
      readonly kind: 'checked';
      readonly records: readonly RelatedRecord[];
      /** Kinds that cannot be read until somebody mends the account; the records are of the others. */
      readonly unread?: readonly CrmFailure[] | undefined;
    }
  | { readonly kind: 'could_not_check'; readonly failure: CrmFailure };

/** Whom to look for among the CRM's users: by e-mail address, by the CRM's own id, or, where there are such, a queue. */
export interface OwnerQuery<K extends CrmKind = CrmKind> {
  readonly by: CrmFeatures[K]['owner'];
  readonly value: string;
}

/** Whom a record may be given to. An inactive owner would be refused by the CRM. */
export type OwnerAnswer =
  | { readonly kind: 'active' | 'inactive'; readonly ownerId: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'could_not_check'; readonly failure: CrmFailure };

/** One field of one of the CRM's objects, as the integration user sees it. */
export interface DescribedField {
  readonly name: string;
  readonly label: string;
  /** The CRM's own name of the type. */
  readonly type: string;
  /** Characters; absent where the CRM states none. */
  readonly maxLength: number | undefined;
  readonly required: boolean;
  readonly writable: boolean;
  /** No two records may hold one value. */
  readonly unique: boolean;
  /** Values that may be written; absent for fields that are no list. */
  readonly options: readonly { readonly value: string; readonly label: string }[] | undefined;
}

/** The live schema of the objects we write. */
export type Description =
  | { readonly kind: 'described'; readonly objects: Readonly<Record<string, readonly DescribedField[]>> }
  | { readonly kind: 'could_not_check'; readonly failure: CrmFailure };

/** One thing the doctor looked at. Free of personal data. */
export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error';
  /** Stable: `scope_missing`, `unique_property_missing`. */
  readonly code: string;
  /** One sentence: what is the matter. */
  readonly what: string;
  /** Who can mend it, and where and how; empty for `ok`. */
  readonly fix: string;
  /** True when `doctor --fix` may do it. */
  readonly fixable: boolean;
}

/** What a limit of the vendor stood at when it last told us. */
export interface QuotaReading {
  /** `ten_secondly`, `daily`, ... */
  readonly limit: string;
  readonly allowed: number;
  readonly remaining: number;
  readonly readAt: Date;
}

/** What is to be done about a failure; who must act follows from it. */
export const DISPOSITIONS = ['retry', 'throttle', 'reconnect', 'fix_mapping', 'fix_record', 'resolve', 'bug'] as const;

/**
 * - `retry`: passes by itself (5xx, network, time-out, lock).
 * - `throttle`: a limit; nothing may be asked of the CRM before `retryAfterMs`.
 * - `reconnect`: credentials or scopes; the whole connection stops until a person acts.
 * - `fix_mapping`: a field, option or object the mapping names does not exist (any more).
 * - `fix_record`: this record's data was refused.
 * - `resolve`: another record holds a unique value; a look-up or a person resolves it.
 * - `bug`: the CRM says that our request was wrong in itself.
 */
export type Disposition = (typeof DISPOSITIONS)[number];

/** A classified failure of one CRM call, or of one item in it. Safe to log except for `vendorText`. */
export interface CrmFailure {
  readonly disposition: Disposition;
  /** Stable and free of data: `hubspot.RATE_LIMITS`, `network.reset`, `timeout`. */
  readonly code: string;
  readonly status: number | undefined;
  /** For `throttle`: how long to leave the CRM alone. For `retry`: the vendor's wish, if it has one. */
  readonly retryAfterMs: number | undefined;
  /** The CRM field at fault, when the vendor names it. */
  readonly field: string | undefined;
  /** The vendor's words. May hold personal data: for the sealed trace only, never for logs or Temporal. */
  readonly vendorText: string | undefined;
}
