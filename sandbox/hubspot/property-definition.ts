/** Value types of HubSpot's properties API. */
export type PropertyType = 'string' | 'number' | 'bool' | 'enumeration' | 'date' | 'datetime' | 'phone_number';

export interface PropertyOption {
  readonly value: string;
  readonly label: string;
}

export interface PropertyDefinition {
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly type: PropertyType;
  readonly fieldType: string;
  readonly groupName: string;
  readonly options: readonly PropertyOption[];
  /** True where the values live elsewhere (owners): `options` is then empty and says nothing. */
  readonly externalOptions: boolean;
  readonly hasUniqueValue: boolean;
  readonly calculated: boolean;
  readonly readOnlyValue: boolean;
  readonly hubspotDefined: boolean;
  readonly formField: boolean;
  readonly displayOrder: number;
  /** Unix milliseconds; null for HubSpot's own properties. */
  readonly createdAt: number | null;
}

export interface PropertyGroup {
  readonly name: string;
  readonly label: string;
  readonly displayOrder: number;
}

type Traits = Partial<
  Pick<
    PropertyDefinition,
    'fieldType' | 'options' | 'externalOptions' | 'hasUniqueValue' | 'calculated' | 'readOnlyValue' | 'description'
  >
>;

/** Collects HubSpot's own properties of one object as data: `p(name, label, type, traits)`. */
export function standardProperty(
  groupName: string,
): (name: string, label: string, type?: PropertyType, traits?: Traits) => PropertyDefinition {
  return (name, label, type = 'string', traits = {}) => ({
    name,
    label,
    description: '',
    type,
    fieldType: usualFieldType[type],
    groupName,
    options: type === 'bool' ? choices('true', 'false') : [],
    externalOptions: false,
    hasUniqueValue: false,
    calculated: false,
    readOnlyValue: traits.calculated === true,
    hubspotDefined: true,
    formField: true,
    displayOrder: -1,
    createdAt: null,
    ...traits,
  });
}

/** Options whose label is their value. */
export function choices(...values: readonly string[]): readonly PropertyOption[] {
  return values.map((value) => ({ value, label: value }));
}

/** Options with their labels: `{ value: label }`. */
export function labelled(options: Readonly<Record<string, string>>): readonly PropertyOption[] {
  return Object.entries(options).map(([value, label]) => ({ value, label }));
}

const usualFieldType: Readonly<Record<PropertyType, string>> = {
  string: 'text',
  number: 'number',
  bool: 'booleancheckbox',
  enumeration: 'select',
  date: 'date',
  datetime: 'date',
  phone_number: 'phonenumber',
};

/** The field types each value type may have (HubSpot's properties guide). */
export const fieldTypesOf: Readonly<Record<PropertyType, readonly string[]>> = {
  string: ['text', 'textarea', 'html', 'file', 'phonenumber', 'calculation_equation'],
  number: ['number', 'calculation_equation'],
  bool: ['booleancheckbox', 'calculation_equation'],
  enumeration: ['select', 'radio', 'checkbox', 'booleancheckbox', 'calculation_equation'],
  date: ['date'],
  datetime: ['date'],
  phone_number: ['phonenumber'],
};

/** The definition as the properties API answers it (keys as recorded). */
export function describeProperty(property: PropertyDefinition): Record<string, unknown> {
  const stamp = new Date(property.createdAt ?? Date.UTC(2020, 5, 30)).toISOString();
  return {
    updatedAt: stamp,
    createdAt: stamp,
    name: property.name,
    label: property.label,
    type: property.type,
    fieldType: property.fieldType,
    description: property.description,
    groupName: property.groupName,
    options: property.options.map((option, displayOrder) => ({ ...option, displayOrder, hidden: false })),
    displayOrder: property.displayOrder,
    calculated: property.calculated,
    externalOptions: property.externalOptions,
    hasUniqueValue: property.hasUniqueValue,
    hidden: false,
    hubspotDefined: property.hubspotDefined,
    archived: false,
    modificationMetadata: {
      archivable: !property.hubspotDefined,
      readOnlyDefinition: property.hubspotDefined,
      readOnlyValue: property.readOnlyValue,
    },
    formField: property.formField,
  };
}
