import { email, flag, makeField, phone, picklist, readOnly, reference, text, whole, type Field } from './field.ts';
import { audit, identity } from './standard-fields.ts';

const id = identity('Record').slice(0, 1);

/** Fields of User that an integration meets. */
export const userFields: readonly Field[] = [
  ...id,
  text('Username', 'Username', 80, { nillable: false, idLookup: true }),
  text('LastName', 'Last Name', 80, { nillable: false }),
  text('FirstName', 'First Name', 40),
  text('Name', 'Full Name', 121, { ...readOnly, nameField: true }),
  text('Title', 'Title', 80),
  email('Email', 'Email', { length: 128, nillable: false, idLookup: true }),
  phone('Phone', 'Phone'),
  phone('MobilePhone', 'Mobile'),
  text('Alias', 'Alias', 8, { nillable: false }),
  flag('IsActive', 'Active'),
  picklist('UserType', 'User Type', ['Standard', 'CloudIntegrationUser'], readOnly),
  ...audit,
];

/** Fields of Group; a queue is a group of type Queue. */
export const groupFields: readonly Field[] = [
  ...id,
  text('Name', 'Name', 40, { nillable: false, nameField: true }),
  text('DeveloperName', 'Developer Name', 80),
  reference('RelatedId', 'Related ID', 'Related', ['User']),
  picklist('Type', 'Type', ['Regular', 'Queue', 'Organization'], { restricted: true, nillable: false }),
  email('Email', 'Email', { length: 255 }),
  reference('OwnerId', 'Owner ID', 'Owner', ['User']),
  ...audit,
];

/** Fields of QueueSobject: which objects' records a queue may own (object reference). */
export const queueSobjectFields: readonly Field[] = [
  ...id,
  reference('QueueId', 'Group ID', 'Queue', ['Group'], { nillable: false }),
  picklist('SobjectType', 'SObject Type', [], { nillable: false }),
];

/**
 * Fields of RecordType (object reference).
 * @param withPersonType whether the org has person accounts: without them there is no such column.
 */
export function recordTypeFields(withPersonType: boolean): readonly Field[] {
  return [
    ...id,
    text('Name', 'Name', 80, { nillable: false, nameField: true }),
    text('DeveloperName', 'Record Type Name', 80),
    picklist('SobjectType', 'SObject Type Name', [], { nillable: false }),
    flag('IsActive', 'Active'),
    ...(withPersonType ? [flag('IsPersonType', 'Is Person Type', readOnly)] : []),
    ...audit,
  ];
}

/** Fields of TaskStatus (object reference). */
export const taskStatusFields: readonly Field[] = [
  ...id,
  text('MasterLabel', 'Master Label', 255, { nameField: true }),
  text('ApiName', 'API Name', 255, { nillable: false }),
  whole('SortOrder', 'Sort Order'),
  flag('IsDefault', 'Is Default'),
  flag('IsClosed', 'Is Closed'),
  ...audit,
];

/** Custom text field that no two records share: what an external id of an integration is made as. */
export interface CustomField {
  readonly name: string;
  readonly label?: string;
  readonly type?: 'string' | 'phone' | 'email' | 'textarea' | 'datetime' | 'double' | 'boolean' | 'url' | 'date';
  /** Characters. Default 255 for text, 40 for phones, 80 for e-mail. */
  readonly length?: number;
  readonly externalId?: boolean;
  readonly unique?: boolean;
  readonly caseSensitive?: boolean;
}

const lengths = { string: 255, url: 255, phone: 40, email: 80, textarea: 32_768 } as const;

/** A field an administrator made. */
export function customField({ type = 'string', ...given }: CustomField): Field {
  const isText = type === 'string' || type === 'url' || type === 'phone' || type === 'email' || type === 'textarea';
  const isLong = type === 'textarea';
  return makeField(type, given.name, given.label ?? given.name.replace(/__c$/, '').replaceAll('_', ' '), {
    custom: true,
    length: isText ? (given.length ?? lengths[type]) : 0,
    externalId: given.externalId ?? false,
    idLookup: given.externalId ?? false,
    unique: given.unique ?? false,
    caseSensitive: given.caseSensitive ?? false,
    filterable: !isLong,
    sortable: !isLong,
    ...(type === 'boolean' ? { nillable: false, defaultedOnCreate: true, defaultValue: false } : {}),
  });
}
