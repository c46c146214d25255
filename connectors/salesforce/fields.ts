/** Our own fields, made by an admin: Salesforce lets no integration add fields without the rights of an administrator. */
export const CONVERSATION_KEY = 'PersonaDesk_Conversation_Id__c';
export const PERSON_KEY = 'PersonaDesk_Person_Key__c';

/** Where a call's foreign key stands in an org without {@link CONVERSATION_KEY}: standard, filterable, 255 characters. */
export const FALLBACK_KEY = 'CallObject';

/** Objects that people are kept as. Person accounts show themselves as contacts. */
export const PERSON_OBJECTS = ['Contact', 'Lead'] as const;
export type PersonObject = (typeof PERSON_OBJECTS)[number];

/** What an unknown caller may become; a person account is an account that has a contact of its own. */
export type CreatedAs = PersonObject | 'PersonAccount';

/** Salesforce's own number fields; a lead has the first two only. */
export const STANDARD_NUMBERS = ['Phone', 'MobilePhone', 'HomePhone', 'OtherPhone', 'AssistantPhone'] as const;

/** Without these a record of the kind makes no sense; any other standard field may be missing, and is left out then. */
export const ESSENTIAL: Readonly<Record<CreatedAs | 'Task', ReadonlySet<string>>> = {
  Contact: new Set(['LastName']),
  Lead: new Set(['LastName', 'Company']),
  PersonAccount: new Set(['LastName', 'RecordTypeId']),
  Task: new Set(['Subject', 'Status', 'ActivityDate', 'WhoId']),
};

/** Fields that somebody made for the org, as opposed to those that come and go with licences and permissions. */
export function isCustom(field: string): boolean {
  return field.endsWith('__c');
}
