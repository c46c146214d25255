import { flag, readOnly, reference, type Field } from './field.ts';
import { contactFields } from './people-fields.ts';

/** Fields that an account and its contact have in common under one name (Salesforce's guide to person accounts). */
const sharedNames: ReadonlySet<string> = new Set(['LastName', 'FirstName', 'Salutation']);

/** Fields of the account itself that show on its contact too. */
const accountsOwn: ReadonlySet<string> = new Set(['Phone', 'Fax', 'Description']);

/** Fields of a contact that a person account shows with `Person` before their names. */
const prefixed =
  /^(?:Email|MobilePhone|HomePhone|OtherPhone|AssistantPhone|AssistantName|Title|Department|LeadSource|Birthdate|(?:Mailing|Other)(?:Street|City|State|PostalCode|Country))$/;

/**
 * What an account has beside its own fields in an org with person accounts: those of the person, custom ones with `__pc`.
 * @param custom the custom fields of Contact.
 */
export function personAccountFields(custom: readonly Field[]): readonly Field[] {
  const standard = contactFields.flatMap((field) => {
    const name = accountNameOf(field.name);
    return name === null || accountsOwn.has(name) ? [] : [{ ...field, name, nillable: true, idLookup: false }];
  });
  // Whether an upsert may go by such a field is not documented: here it may not.
  const own = custom.map((field) => ({
    ...field,
    name: field.name.replace(/__c$/, '__pc'),
    externalId: false,
    idLookup: false,
  }));
  return [
    flag('IsPersonAccount', 'Is Person Account', readOnly),
    reference('PersonContactId', 'Contact ID', 'PersonContact', ['Contact'], readOnly),
    ...standard,
    ...own,
  ];
}

/** The name on the account of a contact's field; null for what accounts do not show. */
export function accountNameOf(contactField: string): string | null {
  if (sharedNames.has(contactField) || accountsOwn.has(contactField)) return contactField;
  if (contactField.endsWith('__c')) return contactField.replace(/__c$/, '__pc');
  return prefixed.test(contactField) ? `Person${contactField}` : null;
}

/** Whether only a person account has the field. */
export function isOfPersonsOnly(accountField: string): boolean {
  return sharedNames.has(accountField) || /^Person[A-Z]/.test(accountField) || accountField.endsWith('__pc');
}
