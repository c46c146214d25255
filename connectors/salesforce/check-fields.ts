import type { Finding } from '../../src/domain/crm.ts';
import type { VendorField } from './answers.ts';
import { ESSENTIAL, STANDARD_NUMBERS, type CreatedAs, type PersonObject } from './fields.ts';
import type { ObjectSchema } from './object-schema.ts';

/** Standard fields that are written when they may be. */
const WRITTEN: Readonly<Record<PersonObject | 'Task', readonly string[]>> = {
  Task: [
    'Subject',
    'Description',
    'ActivityDate',
    'Status',
    'Priority',
    'WhoId',
    'TaskSubtype',
    'CallType',
    'CallDurationInSeconds',
    'CallDisposition',
    'CallObject',
  ],
  Contact: ['FirstName', 'LastName', 'Phone', 'Email'],
  Lead: ['FirstName', 'LastName', 'Company', 'Phone', 'Email'],
};

interface Looked {
  readonly createAs: CreatedAs;
  readonly phoneFields: readonly string[];
}

/** What the integration user may not write, what the org asks for and nobody gives, and what is not there. */
export function checkFields(
  name: PersonObject | 'Task',
  schema: ObjectSchema,
  { createAs, phoneFields }: Looked,
): readonly Finding[] {
  const writes = name === 'Task' || name === createAs;
  if (writes && !schema.createable) return [notCreateable(name)];
  return [
    ...(writes ? [...checkWritable(name, schema), ...checkRequired(name, schema)] : []),
    ...(name === 'Task' ? [] : checkNumbers(name, schema, phoneFields)),
  ];
}

function notCreateable(name: PersonObject | 'Task'): Finding {
  return {
    severity: 'error',
    code: 'object_not_writable',
    what: `The integration user may read ${name} but not create one.`,
    fix: `An administrator: give his permission set Create and Edit on ${name}.`,
    fixable: false,
  };
}

function checkWritable(name: PersonObject | 'Task', schema: ObjectSchema): readonly Finding[] {
  const shut = WRITTEN[name].filter((field) => schema.fields.get(field)?.createable !== true);
  const vital = shut.filter((field) => ESSENTIAL[name].has(field));
  const optional = shut.filter((field) => !ESSENTIAL[name].has(field));
  const fix = `An administrator: give the permission set of the integration user Edit on these fields of ${name}.`;
  return [
    ...finding(vital, 'error', 'field_not_writable', `${name} cannot be written without`, fix),
    ...finding(
      optional,
      'warning',
      'optional_field_not_writable',
      `Left out of every ${name}, for lack of access:`,
      fix,
    ),
  ];
}

/** Salesforce shows a field that an admin made required as one that may not be empty. */
function checkRequired(name: PersonObject | 'Task', schema: ObjectSchema): readonly Finding[] {
  const given = new Set(WRITTEN[name]);
  const demanded = [...schema.fields.values()].filter(isRequired).map((field) => field.name);
  return finding(
    demanded.filter((field) => !given.has(field)),
    'warning',
    'required_field',
    `The org asks of every ${name} for`,
    'Give these fields a value in the mapping, or an administrator makes them optional.',
  );
}

function isRequired(field: VendorField): boolean {
  return field.createable && !field.nillable && !field.defaultedOnCreate && field.type !== 'boolean';
}

function checkNumbers(name: PersonObject, schema: ObjectSchema, phoneFields: readonly string[]): readonly Finding[] {
  const numbers = [...STANDARD_NUMBERS, ...phoneFields].filter((field) => schema.fields.has(field));
  if (numbers.length > 0) return [];
  const fix = `An administrator: give the permission set of the integration user Read on the number fields of ${name}.`;
  return finding(
    ['Phone'],
    'error',
    'numbers_not_readable',
    `No number of a ${name} can be read; at least needed:`,
    fix,
  );
}

function finding(
  fields: readonly string[],
  severity: 'warning' | 'error',
  code: string,
  what: string,
  fix: string,
): readonly Finding[] {
  if (fields.length === 0) return [];
  return [{ severity, code, what: `${what} ${fields.join(', ')}.`, fix, fixable: false }];
}
