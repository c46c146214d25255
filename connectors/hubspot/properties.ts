import type { ActivityKind, RelatedKind } from '../../src/domain/crm.ts';

/** The objects this connector writes, by HubSpot's names. */
export const WRITTEN_OBJECTS = ['contacts', 'calls', 'communications', 'notes', 'tasks'] as const;
export type WrittenObject = (typeof WRITTEN_OBJECTS)[number];

/** The objects a conversation may also belong to, by HubSpot's names. */
export const RELATED_OBJECT = {
  company: 'companies',
  deal: 'deals',
  ticket: 'tickets',
} as const satisfies Readonly<Record<RelatedKind<'hubspot'>, string>>;
export type RelatedObject = (typeof RELATED_OBJECT)[RelatedKind<'hubspot'>];

/** The related object of this name; undefined for objects that this connector writes, and for all others. */
export function relatedObject(name: string): RelatedObject | undefined {
  return Object.values(RELATED_OBJECT).find((object) => object === name);
}

/** A web chat is a note: HubSpot's communications know SMS, WhatsApp and LinkedIn messages only. */
export const ACTIVITY_OBJECT: Readonly<Record<ActivityKind, WrittenObject>> = {
  call: 'calls',
  text_message: 'communications',
  chat: 'notes',
};

/** The property group that ours are shown in, in the account's settings. */
export const PROPERTY_GROUP = { name: 'personadesk', label: 'PersonaDesk' } as const;

/** The unique property of each object: what makes a write an upsert. */
export interface KeyProperty {
  readonly object: WrittenObject;
  readonly name: string;
  readonly label: string;
  readonly description: string;
}

const CONVERSATION_KEY = {
  name: 'personadesk_conversation_key',
  label: 'PersonaDesk conversation key',
  description: 'The PersonaDesk conversation this record stands for. Written by CRM Sync; do not edit.',
} as const;

export const KEY_PROPERTIES = {
  contacts: {
    object: 'contacts',
    name: 'personadesk_person_key',
    label: 'PersonaDesk person key',
    description: 'The number or address by which PersonaDesk knows this person. Written by CRM Sync; do not edit.',
  },
  calls: { object: 'calls', ...CONVERSATION_KEY },
  communications: { object: 'communications', ...CONVERSATION_KEY },
  notes: { object: 'notes', ...CONVERSATION_KEY },
  tasks: {
    object: 'tasks',
    name: 'personadesk_task_key',
    label: 'PersonaDesk task key',
    description: 'The PersonaDesk follow-up this task stands for. Written by CRM Sync; do not edit.',
  },
} as const satisfies Readonly<Record<WrittenObject, KeyProperty>>;

/** True for a property that `provision` creates. */
export function isKeyProperty(name: string | undefined): boolean {
  return Object.values(KEY_PROPERTIES).some((property) => property.name === name);
}

/** Contact properties HubSpot computes from `phone` and `mobilephone`, in E.164 where it can read the number. */
export const CALCULATED_NUMBERS = {
  hs_calculated_phone_number: 'phone',
  hs_calculated_mobile_number: 'mobilephone',
} as const;

/** What searches by number must use: area code and local number without a country code (HubSpot's search guide). */
export const SEARCHABLE_NUMBERS = [
  'hs_searchable_calculated_phone_number',
  'hs_searchable_calculated_mobile_number',
] as const;

/** Number fields every contact has. */
export const STANDARD_NUMBERS = ['phone', 'mobilephone'] as const;

/**
 * Whether a contact is one that marketing is billed for. Some accounts count contacts that were created without it as
 * such; on contacts that exist it is the account's own affair.
 */
export const MARKETING_STATUS = 'hs_marketable_status';
