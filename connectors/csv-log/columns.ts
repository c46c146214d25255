import type { DescribedField } from '../../src/domain/crm.ts';

/** The kinds of records there are, each in a file of its own. */
export const OBJECTS = ['people', 'activities', 'tasks'] as const;
export type CsvObject = (typeof OBJECTS)[number];

/** What every record has, before the fields of its kind. `id` is ours; `key` is what makes a write idempotent. */
export const RECORD_COLUMNS = ['id', 'key', 'state', 'modified_at'] as const;

/** The fields of each kind of record: what a mapping may write. */
export const FIELDS: Readonly<Record<CsvObject, readonly string[]>> = {
  people: ['phone', 'email', 'first_name', 'last_name'],
  activities: [
    'kind',
    'occurred_at',
    'title',
    'body',
    'direction',
    'status',
    'duration_seconds',
    'from_number',
    'to_number',
    'recording_url',
    'conversation_id',
  ],
  tasks: ['due_at', 'subject', 'body', 'status'],
};

export const LINK_COLUMNS = ['from_object', 'from_id', 'to_object', 'to_id'] as const;

/** Narrows the object of a reference: one of another kind is no record of these files. */
export function isCsvObject(object: string): object is CsvObject {
  return OBJECTS.some((known) => known === object);
}

/** The schema, in the words of the CRM interface: everything is text and nothing is required. */
export function describeFields(object: CsvObject): readonly DescribedField[] {
  return FIELDS[object].map((name) => ({
    name,
    label: name.replaceAll('_', ' '),
    type: 'text',
    maxLength: undefined,
    required: false,
    writable: true,
    unique: false,
    options: undefined,
  }));
}
