import { invalid, Refusal } from './refusal.ts';

/** The CRM objects the sandbox keeps, by the name HubSpot uses in paths. */
export type ObjectTypeName =
  'contacts' | 'companies' | 'deals' | 'tickets' | 'calls' | 'communications' | 'notes' | 'tasks';

export interface ObjectType {
  readonly name: ObjectTypeName;
  /** HubSpot's object type id, accepted in paths wherever the name is. */
  readonly id: string;
  /** The singular in capitals, as error messages and recorded paths write it. */
  readonly singular: string;
  /** Names of the two time stamps every record carries; they differ by object (recorded answers). */
  readonly createdProperty: 'createdate' | 'hs_createdate';
  readonly modifiedProperty: 'lastmodifieddate' | 'hs_lastmodifieddate';
  /** Without these a create is refused (HubSpot's object guides). */
  readonly required: readonly string[];
  /** What a read answers when no properties are asked for. */
  readonly shownByDefault: readonly string[];
  /** What the free-text `query` of a search looks into. */
  readonly searchedByQuery: readonly string[];
  /** Whose scopes guard it: activities are guarded by the contacts scopes. */
  readonly scopeFamily: 'contacts' | 'companies' | 'deals' | 'tickets';
}

const activity = (
  name: ObjectTypeName,
  id: string,
  singular: string,
  required: readonly string[],
  searchedByQuery: readonly string[],
): ObjectType => ({
  name,
  id,
  singular,
  createdProperty: 'hs_createdate',
  modifiedProperty: 'hs_lastmodifieddate',
  required,
  shownByDefault: ['hs_createdate', 'hs_lastmodifieddate', 'hs_object_id'],
  searchedByQuery,
  scopeFamily: 'contacts',
});

export const objectTypes: Readonly<Record<ObjectTypeName, ObjectType>> = {
  contacts: {
    name: 'contacts',
    id: '0-1',
    singular: 'CONTACT',
    createdProperty: 'createdate',
    modifiedProperty: 'lastmodifieddate',
    required: [],
    shownByDefault: ['createdate', 'email', 'firstname', 'hs_object_id', 'lastmodifieddate', 'lastname'],
    searchedByQuery: ['firstname', 'lastname', 'email', 'phone', 'mobilephone', 'company'],
    scopeFamily: 'contacts',
  },
  companies: {
    name: 'companies',
    id: '0-2',
    singular: 'COMPANY',
    createdProperty: 'createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    required: [],
    shownByDefault: ['createdate', 'domain', 'hs_lastmodifieddate', 'hs_object_id', 'name'],
    searchedByQuery: ['name', 'domain', 'phone', 'website'],
    scopeFamily: 'companies',
  },
  deals: {
    name: 'deals',
    id: '0-3',
    singular: 'DEAL',
    createdProperty: 'createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    required: ['dealname'],
    shownByDefault: ['amount', 'closedate', 'createdate', 'dealname', 'dealstage', 'hs_object_id', 'pipeline'],
    searchedByQuery: ['dealname'],
    scopeFamily: 'deals',
  },
  tickets: {
    name: 'tickets',
    id: '0-5',
    singular: 'TICKET',
    createdProperty: 'createdate',
    modifiedProperty: 'hs_lastmodifieddate',
    required: ['subject', 'hs_pipeline_stage'],
    shownByDefault: ['content', 'createdate', 'hs_object_id', 'hs_pipeline', 'hs_pipeline_stage', 'subject'],
    searchedByQuery: ['subject', 'content'],
    scopeFamily: 'tickets',
  },
  calls: activity('calls', '0-48', 'CALL', ['hs_timestamp'], ['hs_call_title', 'hs_call_body']),
  communications: activity(
    'communications',
    '0-18',
    'COMMUNICATION',
    ['hs_timestamp', 'hs_communication_channel_type'],
    ['hs_communication_body'],
  ),
  notes: activity('notes', '0-46', 'NOTE', ['hs_timestamp'], ['hs_note_body']),
  tasks: activity('tasks', '0-27', 'TASK', ['hs_timestamp'], ['hs_task_subject', 'hs_task_body']),
};

export const allObjectTypes: readonly ObjectType[] = Object.values(objectTypes);

export const activityTypeNames = ['calls', 'communications', 'notes', 'tasks'] as const;

export type ActivityTypeName = (typeof activityTypeNames)[number];

/** Whether the object is a thing on a timeline rather than a person, company, deal or ticket. */
export function isActivity(name: ObjectTypeName): name is ActivityTypeName {
  return (activityTypeNames as readonly ObjectTypeName[]).includes(name);
}

const byAnyName = new Map(
  allObjectTypes.flatMap((type) =>
    [type.name, type.id, type.singular.toLowerCase()].map((key) => [key, type] as const),
  ),
);

/** The object a path segment means: name, singular (in any case, as recorded) or type id; null when it means none. */
export function findObjectType(text: string): ObjectType | null {
  return byAnyName.get(text.toLowerCase()) ?? null;
}

/** As {@link findObjectType}, refusing the request in HubSpot's words when there is no such object. */
export function objectTypeFromPath(text: string): ObjectType {
  const type = findObjectType(text);
  if (type === null) throw new Refusal(invalid(`Unable to infer object type from: ${text}`));
  return type;
}
