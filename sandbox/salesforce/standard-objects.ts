import { accountFields, caseFields, opportunityFields } from './company-fields.ts';
import type { Field } from './field.ts';
import type { ObjectName } from './object-types.ts';
import { contactFields, leadFields } from './people-fields.ts';
import { groupFields, taskStatusFields, userFields } from './setup-fields.ts';

/** The standard fields of every object whose fields do not depend on settings. */
export const fixedObjects: Readonly<Record<Exclude<ObjectName, 'Task'>, readonly Field[]>> = {
  Account: accountFields,
  Case: caseFields,
  Contact: contactFields,
  Group: groupFields,
  Lead: leadFields,
  Opportunity: opportunityFields,
  TaskStatus: taskStatusFields,
  User: userFields,
};
