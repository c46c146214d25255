import type { FieldValues } from '../../src/domain/crm.ts';
import { PERSON_KEY } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';
import { storedKey } from './stored-key.ts';

/** Our key among the fields that an account shows of its contact: custom ones end in `__pc` there. */
const KEY_OF_CONTACT = PERSON_KEY.replace(/__c$/, '__pc');

/**
 * The fields of a contact by the names they have on a person account: `Email` is `PersonEmail`, `Title__c` is `Title__pc`,
 * names and the number `Phone` are the account's own (Salesforce's guide to person accounts). What the account does not
 * have keeps its name, so that it is told as any other field that is not there.
 */
export function toAccountFields({ fields: described }: ObjectSchema, fields: FieldValues): FieldValues {
  const nameOf = (name: string) =>
    [`Person${name}`, name.replace(/__c$/, '__pc'), name].find((candidate) => described.has(candidate)) ?? name;
  return Object.fromEntries(
    // A person's account has no company, and is one.
    Object.entries(fields).flatMap(([name, value]) => (name === 'Company' ? [] : [[nameOf(name), value]])),
  );
}

/** Our key, on the account and on its contact: an upsert goes by the first, look-ups read the second. */
export function accountKeys({ fields, keyField }: ObjectSchema, key: string): FieldValues {
  const shown = fields.get(KEY_OF_CONTACT);
  return {
    ...(keyField === undefined ? {} : { [keyField.name]: storedKey(key, keyField.length) }),
    ...(shown?.createable === true && shown.updateable ? { [KEY_OF_CONTACT]: storedKey(key, shown.length) } : {}),
  };
}
