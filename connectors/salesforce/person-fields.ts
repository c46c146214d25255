import { PERSON_KEY, STANDARD_NUMBERS, type PersonObject } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** What one object tells about people, as far as this user may read it. */
export interface PersonFields {
  readonly object: PersonObject;
  readonly numbers: readonly string[];
  readonly email: readonly 'Email'[];
  /** Present when the field may be filtered by, whether or not we may write it. */
  readonly key: readonly (typeof PERSON_KEY)[];
  /** Leads only: whether it became a contact, and which. */
  readonly conversion: readonly string[];
  /** Contacts only, in an org with person accounts: whether this is one, and of which account. */
  readonly account: readonly string[];
  /** What a duplicate was merged into. */
  readonly merge: readonly string[];
  /** Everything that may be read along, of what the caller asked for. */
  readonly asked: readonly string[];
}

/** A converted lead stands for nobody by its number. */
export const OPEN_LEADS = 'IsConverted = false';

/** Never names a field that is not there: one unknown column would fail the whole query. */
export function personFields(
  object: PersonObject,
  schema: ObjectSchema,
  phoneFields: readonly string[],
  asked: readonly string[],
): PersonFields {
  const there = <T extends string>(names: readonly T[]) => names.filter((name) => schema.fields.has(name));
  const filterable = <T extends string>(names: readonly T[]) =>
    names.filter((name) => schema.fields.get(name)?.filterable === true);
  return {
    object,
    numbers: [...new Set(filterable([...STANDARD_NUMBERS, ...phoneFields]))],
    email: filterable(['Email']),
    key: filterable([PERSON_KEY]),
    conversion: object === 'Lead' ? there(['IsConverted', 'ConvertedContactId']) : [],
    account: schema.fields.has('IsPersonAccount') ? there(['IsPersonAccount', 'AccountId']) : [],
    merge: there(['IsDeleted', 'MasterRecordId']),
    asked: there(asked),
  };
}

/** All columns a look-up reads. */
export function columnsToVerify(fields: PersonFields): readonly string[] {
  const { numbers, email, key, conversion, account, asked } = fields;
  return ['Id', 'LastModifiedDate', ...numbers, ...email, ...key, ...conversion, ...account, ...asked];
}
