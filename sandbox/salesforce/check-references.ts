import type { Field, FieldValues } from './field.ts';
import { objectOfId, type ObjectName } from './object-types.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';
import { saveProblem, type Problem } from './refusal.ts';

/** The first reference among `values` that may not be made; null when all may. */
export function refusedReference(org: Org, object: ObjectName, values: FieldValues): Problem | null {
  for (const field of org.schema.fields(object)) {
    const id = values[field.name];
    if (field.type !== 'reference' || typeof id !== 'string' || field.referenceTo.length === 0) continue;
    const problem = refused(org, object, field, id);
    if (problem !== null) return problem;
  }
  return null;
}

function refused(org: Org, object: ObjectName, field: Field, id: string): Problem | null {
  const to = objectOfId(id);
  if (to === null || !field.referenceTo.includes(to)) {
    return saveProblem('FIELD_INTEGRITY_EXCEPTION', `${field.label}: id value of incorrect type: ${id}`, [field.name]);
  }
  const target = org.records.find(to, id);
  if (target === null) return notThere(field);
  if (target.isDeleted) {
    return org.options.deletedReference === 'ENTITY_IS_DELETED'
      ? saveProblem('ENTITY_IS_DELETED', 'entity is deleted', [field.name])
      : notThere(field);
  }
  if (to === 'Lead' && target.values.IsConverted === true) return convertedLead();
  if (field.name === 'RecordTypeId') return refusedRecordType(org, object, target);
  return field.name === 'OwnerId' ? refusedOwner(org, object, target) : null;
}

function refusedOwner(org: Org, object: ObjectName, owner: SalesforceRecord): Problem | null {
  if (owner.object === 'User') {
    if (owner.values.IsActive !== false) return null;
    return org.options.inactiveOwner === 'INACTIVE_OWNER_OR_USER'
      ? saveProblem('INACTIVE_OWNER_OR_USER', `operation performed with inactive user [${owner.id}]`, ['OwnerId'])
      : saveProblem('INVALID_CROSS_REFERENCE_KEY', 'Owner ID: owner cannot be blank', ['OwnerId']);
  }
  const queue = org.options.queues.find((each) => each.id === owner.id);
  if (queue?.objects.includes(object) === true) return null;
  return saveProblem('INVALID_OPERATION', 'Queue not associated with this SObject type', ['OwnerId']);
}

function refusedRecordType(org: Org, object: ObjectName, { id }: SalesforceRecord): Problem | null {
  const type = org.options.recordTypes.find((each) => each.id === id);
  if (type?.object === object && type.isActive && type.isAvailable) return null;
  const message = `Record Type ID: this ID value isn't valid for the user: ${id}`;
  return saveProblem('INVALID_CROSS_REFERENCE_KEY', message, ['RecordTypeId']);
}

const notThere = (field: Field): Problem =>
  saveProblem('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]);

/** The recorded answer to anything that would change or point at a converted lead. */
export function convertedLead(): Problem {
  return saveProblem('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
}
