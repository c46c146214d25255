import { derivedValues } from './derived-values.ts';
import type { FieldValues } from './field.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';
import { createWith } from './save-record.ts';

const kept = ['FirstName', 'LastName', 'Salutation', 'Title', 'Phone', 'MobilePhone', 'Fax', 'Email'] as const;

/**
 * Makes a contact and an account of a lead. The lead stays, closed for good, and points at both; its tasks move along.
 * @returns the contact's id.
 */
export function convertLead(org: Org, userId: string, lead: SalesforceRecord): string {
  const context = { org, userId, autoAssign: false, allowSave: true };
  const account = createWith(context, 'Account', { Name: lead.values.Company ?? 'Unknown' });
  if (!account.ok) throw new Error(`the lead's account was refused: ${account.problem.code}`);
  const AccountId = account.value.id;
  const person = Object.fromEntries(kept.map((name) => [name, lead.values[name] ?? null]));
  const contact = createWith(context, 'Contact', { ...person, AccountId });
  if (!contact.ok) throw new Error(`the lead's contact was refused: ${contact.problem.code}`);
  for (const task of org.records.all('Task')) {
    if (task.values.WhoId !== lead.id) continue;
    const moved: FieldValues = { ...task.values, WhoId: contact.value.id };
    org.records.update(task, { WhoId: contact.value.id, ...derivedValues(org, 'Task', moved) }, userId);
  }
  const converted: FieldValues = {
    IsConverted: true,
    Status: 'Closed - Converted',
    ConvertedDate: org.nowText().slice(0, 10),
    ConvertedAccountId: AccountId,
    ConvertedContactId: contact.value.id,
  };
  org.records.update(lead, converted, userId);
  return contact.value.id;
}
