/** Values as the REST API shows them. */
export type FieldValue = string | number | boolean | null;
export type FieldValues = Readonly<Record<string, FieldValue>>;

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'combobox'
  | 'phone'
  | 'email'
  | 'url'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'reference'
  | 'address';

interface PicklistEntry {
  readonly value: string;
  readonly label: string;
  readonly isDefault: boolean;
}

/** A field of an object, with the properties of Salesforce's describe that decide about reads and writes. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Characters; 0 for what is no text. */
  readonly length: number;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  /** A create without it is filled in by Salesforce. */
  readonly defaultedOnCreate: boolean;
  readonly defaultValue: FieldValue;
  readonly filterable: boolean;
  readonly sortable: boolean;
  readonly custom: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly idLookup: boolean;
  readonly nameField: boolean;
  /** Field-level security applies to it. */
  readonly permissionable: boolean;
  readonly picklist: readonly PicklistEntry[];
  readonly restricted: boolean;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | null;
}

type More = Partial<Omit<Field, 'name' | 'label' | 'type'>>;

/** A field that can be written and left empty, unless `more` says otherwise. */
export function makeField(type: FieldType, name: string, label: string, more: More = {}): Field {
  return {
    name,
    label,
    type,
    length: 0,
    createable: true,
    updateable: true,
    nillable: true,
    defaultedOnCreate: false,
    defaultValue: null,
    filterable: true,
    sortable: true,
    custom: false,
    externalId: false,
    unique: false,
    caseSensitive: false,
    idLookup: false,
    nameField: false,
    permissionable: true,
    picklist: [],
    restricted: false,
    referenceTo: [],
    relationshipName: null,
    ...more,
  };
}

/** For `more`: filled in by Salesforce only. */
export const readOnly = { createable: false, updateable: false, permissionable: false } as const;
/** For `more`: a save without it is refused. */
export const required = { nillable: false, permissionable: false } as const;
/** For `more`: never empty, filled in when a create leaves it out. */
export const defaulted = { nillable: false, defaultedOnCreate: true, permissionable: false } as const;

export const text = (name: string, label: string, length: number, more: More = {}): Field =>
  makeField('string', name, label, { length, ...more });

/** Up to 255 characters it is an address line; longer ones can be neither filtered nor sorted by. */
export const textArea = (name: string, label: string, length: number, more: More = {}): Field =>
  makeField('textarea', name, label, { length, filterable: length <= 255, sortable: length <= 255, ...more });

export const phone = (name: string, label: string, more: More = {}): Field =>
  makeField('phone', name, label, { length: 40, ...more });

export const email = (name: string, label: string, more: More = {}): Field =>
  makeField('email', name, label, { length: 80, ...more });

export const url = (name: string, label: string, more: More = {}): Field =>
  makeField('url', name, label, { length: 255, ...more });

export const flag = (name: string, label: string, more: More = {}): Field =>
  makeField('boolean', name, label, { nillable: false, defaultedOnCreate: true, defaultValue: false, ...more });

export const whole = (name: string, label: string, more: More = {}): Field => makeField('int', name, label, more);

export const date = (name: string, label: string, more: More = {}): Field => makeField('date', name, label, more);

export const instant = (name: string, label: string, more: More = {}): Field =>
  makeField('datetime', name, label, more);

export const reference = (
  name: string,
  label: string,
  relationshipName: string,
  referenceTo: readonly string[],
  more: More = {},
): Field => makeField('reference', name, label, { length: 18, relationshipName, referenceTo, ...more });

/** A picklist; the first value is its default when it is defaulted on create. */
export function picklist(name: string, label: string, values: readonly string[], more: More = {}): Field {
  const isDefaulted = more.defaultedOnCreate === true;
  return makeField('picklist', name, label, {
    length: 40,
    picklist: values.map((value, at) => ({ value, label: value, isDefault: isDefaulted && at === 0 })),
    defaultValue: isDefaulted ? (values[0] ?? null) : null,
    ...more,
  });
}

/** Whether a create without a value for it is refused. */
export function isRequired(field: Field): boolean {
  return field.createable && !field.nillable && !field.defaultedOnCreate;
}
