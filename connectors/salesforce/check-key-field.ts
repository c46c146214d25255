import type { Finding } from '../../src/domain/crm.ts';
import type { VendorField } from './answers.ts';
import { CONVERSATION_KEY, PERSON_KEY, type PersonObject } from './fields.ts';

/** Whether an object has our key field, and whether it is what it must be. Exact steps for whoever can mend it. */
export function checkKeyField(object: PersonObject | 'Task', fields: ReadonlyMap<string, VendorField>): Finding {
  const name = object === 'Task' ? CONVERSATION_KEY : PERSON_KEY;
  const field = fields.get(name);
  if (field === undefined) return warning('unique_field_missing', missing(object, name), creation(object, name));
  const lacks = [
    ...(field.externalId ? [] : ['"External ID"']),
    ...(field.unique ? [] : ['"Unique"']),
    ...(field.caseSensitive || !field.unique ? [] : ['"case sensitive"']),
  ];
  if (lacks.length > 0) {
    const what = `The field ${name} of ${object} is not set to be ${lacks.join(' and ')}.`;
    return warning('unique_field_incomplete', what, `An administrator: edit the field and tick ${lacks.join(', ')}.`);
  }
  if (!field.createable || !field.updateable) {
    const what = `The integration user may not write the field ${name} of ${object}.`;
    const fix = `An administrator: in his permission set, Object Settings > ${setupName(object)}, tick Edit for the field.`;
    return warning('unique_field_not_writable', what, fix);
  }
  const what = `${object} carries our key in ${name}: a record is written once, whatever happens.`;
  return { severity: 'ok', code: 'unique_field', what, fix: '', fixable: false };
}

function missing(object: PersonObject | 'Task', name: string): string {
  return object === 'Task'
    ? `Task has no field ${name} that the integration user sees: calls are recognised by Call Object Identifier, which is not unique.`
    : `${object} has no field ${name} that the integration user sees: people are recognised by number and address only.`;
}

/** Fields of tasks are made on Activity, which tasks and events share. */
function creation(object: PersonObject | 'Task', name: string): string {
  const label = name.replace(/__c$/, '');
  return (
    `An administrator: Setup > Object Manager > ${setupName(object)} > Fields & Relationships > New > Text, ` +
    `length 255, field name ${label}, tick Unique, "ABC" and "abc" are different, and External ID; ` +
    'then give the permission set of the integration user Read and Edit on it.'
  );
}

function setupName(object: PersonObject | 'Task'): string {
  return object === 'Task' ? 'Activity' : object;
}

function warning(code: string, what: string, fix: string): Finding {
  return { severity: 'warning', code, what, fix, fixable: false };
}
