import { accountFields, caseFields, opportunityContactRoleFields, opportunityFields } from './company-fields.ts';
import type { Field } from './field.ts';
import type { ObjectName } from './object-types.ts';
import { contactFields, leadFields } from './people-fields.ts';
import { groupFields, queueSobjectFields, taskStatusFields, userFields } from './setup-fields.ts';

/** The standard fields of every object whose fields do not depend on settings. */
export const fixedObjects: Readonly<Record<Exclude<ObjectName, 'RecordType' | 'Task'>, readonly Field[]>> = {
  Account: accountFields,
  Case: caseFields,
  Contact: contactFields,
  Group: groupFields,
  Lead: leadFields,
  Opportunity: opportunityFields,
  OpportunityContactRole: opportunityContactRoleFields,
  QueueSobject: queueSobjectFields,
  TaskStatus: taskStatusFields,
  User: userFields,
};
