import type { DescribedField, Description } from '../../src/domain/crm.ts';
import type { VendorField } from './answers.ts';
import type { ApiSession } from './api.ts';
import { CONVERSATION_KEY, PERSON_KEY, PERSON_OBJECTS } from './fields.ts';
import { readObject } from './object-schema.ts';

/** The objects that are written, as the integration user sees them; one that he may not see is left out. */
export async function describeAccount(session: ApiSession): Promise<Description> {
  const objects: Record<string, readonly DescribedField[]> = {};
  for (const name of ['Task', ...PERSON_OBJECTS]) {
    const described = await readObject(session, name, name === 'Task' ? CONVERSATION_KEY : PERSON_KEY);
    if (described.kind === 'failed') return { kind: 'could_not_check', failure: described.failure };
    if (described.object !== undefined) objects[name] = [...described.object.fields.values()].map(toDescribed);
  }
  return { kind: 'described', objects };
}

function toDescribed(field: VendorField): DescribedField {
  return {
    name: field.name,
    label: field.label,
    type: field.type,
    maxLength: field.length > 0 ? field.length : undefined,
    required: field.createable && !field.nillable && !field.defaultedOnCreate,
    writable: field.createable || field.updateable,
    unique: field.unique,
    options: optionsOf(field),
  };
}

/** Text fields have an empty list of values, lists have theirs; a combobox takes any text beside its suggestions. */
function optionsOf({ type, picklistValues }: VendorField): DescribedField['options'] {
  if (type !== 'picklist' && type !== 'multipicklist') return undefined;
  return (picklistValues ?? [])
    .filter(({ active }) => active)
    .map(({ value, label }) => ({ value, label: label ?? value }));
}
