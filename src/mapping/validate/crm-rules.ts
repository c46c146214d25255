import type { CrmKind, DescribedField } from '../../domain/crm.ts';
import type { MappedObject } from '../document/rows.ts';

/** What a mapping for a CRM must keep to beside the schema of the account. */
export interface CrmRules {
  /** The CRM's objects that a list of rows is written to. */
  readonly objects: Readonly<Record<MappedObject, readonly string[]>>;
  /** Fields that something else of ours fills in, and what. */
  readonly reserved: Readonly<Record<string, string>>;
  /** Fields that are taken when a record is made, and refused ever after. */
  readonly createOnly: ReadonlySet<string>;
  /** Long texts that the CRM shows as HTML. */
  readonly html: ReadonlySet<string>;
  /** Required fields that need no row: the connector fills them in. */
  readonly filled: ReadonlySet<string>;
  /** Unique fields that a mapping is right to write. */
  readonly unique: ReadonlySet<string>;
  /** What the CRM does with a text that is longer than its field. */
  readonly tooLong: (field: DescribedField) => string;
}

const KEY = 'the unique key by which a conversation or person is found again';
const OWNER = 'the owner policy of the connection';
const ASSOCIATION = 'the association to the person and their records';

const HUBSPOT: CrmRules = {
  objects: {
    person: ['contacts'],
    call: ['calls'],
    text_message: ['communications'],
    chat: ['notes'],
    task: ['tasks'],
  },
  reserved: {
    personadesk_person_key: KEY,
    personadesk_conversation_key: KEY,
    personadesk_task_key: KEY,
    hubspot_owner_id: OWNER,
  },
  createOnly: new Set(),
  // HubSpot's guides of calls, notes, communications and tasks: bodies may hold HTML.
  html: new Set(['hs_call_body', 'hs_note_body', 'hs_communication_body', 'hs_task_body']),
  filled: new Set(),
  // What a contact is found by.
  unique: new Set(['email']),
  tooLong: () => 'HubSpot refuses the record',
};

const SALESFORCE: CrmRules = {
  objects: { person: ['Contact', 'Lead'], call: ['Task'], text_message: ['Task'], chat: ['Task'], task: ['Task'] },
  reserved: {
    PersonaDesk_Person_Key__c: KEY,
    PersonaDesk_Conversation_Id__c: KEY,
    OwnerId: OWNER,
    WhoId: ASSOCIATION,
    WhatId: ASSOCIATION,
  },
  // Salesforce's object reference, Task: the subtype can be given when a task is made, and not be changed.
  createOnly: new Set(['TaskSubtype']),
  html: new Set(),
  // The org's own words for open and done.
  filled: new Set(['Status']),
  unique: new Set(),
  // Salesforce refuses what is longer; the connector cuts texts first, and leaves addresses, numbers and links whole.
  tooLong: ({ type, maxLength = 0 }) =>
    type === 'email' || type === 'phone' || type === 'url'
      ? 'Salesforce refuses the record'
      : `the text is cut at ${maxLength} characters`,
};

const CSV_LOG: CrmRules = {
  objects: {
    person: ['people'],
    call: ['activities'],
    text_message: ['activities'],
    chat: ['activities'],
    task: ['tasks'],
  },
  reserved: {},
  createOnly: new Set(),
  html: new Set(),
  filled: new Set(),
  unique: new Set(),
  tooLong: () => 'nothing: a file has no limits',
};

const RULES: Readonly<Record<CrmKind, CrmRules>> = { hubspot: HUBSPOT, salesforce: SALESFORCE, 'csv-log': CSV_LOG };

/** The rules of a CRM. */
export function crmRules(crm: CrmKind): CrmRules {
  return RULES[crm];
}
