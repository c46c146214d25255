/** What a CRM's field takes, whatever the CRM calls it. */
export type FieldKind =
  'text' | 'number' | 'boolean' | 'date' | 'date_time' | 'choice' | 'choices' | 'reference' | 'unsupported';

/**
 * Types by the vendors' names: HubSpot's property guide (`string`, `number`, `bool`, `enumeration`, `date`, `datetime`,
 * `phone_number`), Salesforce's field types of describe, and the files' one type. HubSpot's definition of an enumeration
 * does not say whether it takes several values.
 */
const KINDS: Readonly<Record<string, FieldKind>> = {
  text: 'text',
  string: 'text',
  phone_number: 'text',
  textarea: 'text',
  phone: 'text',
  email: 'text',
  url: 'text',
  combobox: 'text',
  encryptedstring: 'text',
  number: 'number',
  int: 'number',
  long: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  bool: 'boolean',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date_time',
  enumeration: 'choices',
  picklist: 'choice',
  multipicklist: 'choices',
  reference: 'reference',
};

/** The kind of a field by the CRM's name of its type. */
export function fieldKind(type: string): FieldKind {
  return KINDS[type] ?? 'unsupported';
}
