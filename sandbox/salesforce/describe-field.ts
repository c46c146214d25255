import type { Field, FieldType } from './field.ts';

const soapTypes: Partial<Record<FieldType, string>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
};

/** A field in the shape of a describe, with all keys that recorded ones have. */
export function describeField(field: Field): Record<string, unknown> {
  const isLong = !field.sortable;
  const isText = field.length > 0;
  const isNumber = field.type === 'double' || field.type === 'currency' || field.type === 'percent';
  return {
    ...unusedFacts,
    aggregatable: !isLong && field.type !== 'boolean',
    byteLength: field.type === 'id' || field.type === 'reference' ? field.length : field.length * 3,
    caseSensitive: field.caseSensitive,
    createable: field.createable,
    custom: field.custom,
    defaultValue: field.type === 'boolean' ? field.defaultValue : null,
    defaultedOnCreate: field.defaultedOnCreate,
    digits: field.type === 'int' ? 8 : 0,
    externalId: field.externalId,
    extraTypeInfo: field.type === 'textarea' ? 'plaintextarea' : null,
    filterable: field.filterable,
    groupable: !isLong && field.type !== 'datetime' && !isNumber,
    idLookup: field.idLookup,
    label: field.label,
    length: isText ? field.length : 0,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: field.permissionable,
    picklistValues: field.picklist.map(({ value, label, isDefault }) => ({
      active: true,
      defaultValue: isDefault,
      label,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: isNumber ? 18 : 0,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    restrictedPicklist: field.restricted,
    scale: field.type === 'double' ? 15 : 0,
    soapType: soapTypes[field.type] ?? 'xsd:string',
    sortable: field.sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable,
  };
}

/** Facts that no field of the sandbox has. */
const unusedFacts = {
  autoNumber: false,
  calculated: false,
  calculatedFormula: null,
  cascadeDelete: false,
  compoundFieldName: null,
  controllerName: null,
  defaultValueFormula: null,
  dependentPicklist: false,
  deprecatedAndHidden: false,
  displayLocationInDecimal: false,
  encrypted: false,
  filteredLookupInfo: null,
  highScaleNumber: false,
  htmlFormatted: false,
  inlineHelpText: null,
  mask: null,
  maskType: null,
  queryByDistance: false,
  referenceTargetField: null,
  relationshipOrder: null,
  restrictedDelete: false,
  searchPrefilterable: false,
  writeRequiresMasterRead: false,
} as const;
