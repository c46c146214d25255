import { fixedObjects } from './standard-objects.ts';
import { flag, isRequired, readOnly, reference, type Field } from './field.ts';
import { isObjectName, objectNames, objectTypes, type ObjectName, type ObjectType } from './object-types.ts';
import type { SalesforceSandboxOptions } from './options.ts';
import { personAccountFields } from './person-account-fields.ts';
import { customField, recordTypeFields, type CustomField } from './setup-fields.ts';
import { taskFields } from './task-fields.ts';

/** Where an external id of the person and of the activity goes. */
const personObjects: readonly ObjectName[] = ['Contact', 'Lead'];

/**
 * The org's objects and fields as the integration user sees them. Names of objects and fields are found without regard
 * to case, as SOQL and the REST paths do.
 */
export class Schema {
  readonly #options: () => SalesforceSandboxOptions;
  #fields = new Map<ObjectName, ReadonlyMap<string, Field>>();
  #builtFrom: SalesforceSandboxOptions | null = null;

  constructor(options: () => SalesforceSandboxOptions) {
    this.#options = options;
  }

  /** The object, or null when there is none or the user may not see it. */
  object(name: string): ObjectType | null {
    const found = isObjectName(name) ? name : objectNames.find((each) => each.toLowerCase() === name.toLowerCase());
    if (found === undefined || this.#options().hiddenObjects.includes(found)) return null;
    return objectTypes[found];
  }

  objects(): readonly ObjectType[] {
    return objectNames.flatMap((name) => this.object(name) ?? []);
  }

  /** The fields the user can see, in the order of a describe. */
  fields(object: ObjectName): readonly Field[] {
    return [...this.#visible(object).values()];
  }

  /** The field, or null when there is none or the user may not see it. */
  field(object: ObjectName, name: string): Field | null {
    return this.#visible(object).get(name.toLowerCase()) ?? null;
  }

  /** Whether there is such a field, seen by the user or not. */
  exists(object: ObjectName, name: string): boolean {
    return allFields(object, this.#options()).some((field) => field.name === name);
  }

  /** The field at the other end of a relationship, such as `Account` or `Owner`. */
  relationship(object: ObjectName, name: string): Field | null {
    const wanted = name.toLowerCase();
    return this.fields(object).find((field) => field.relationshipName?.toLowerCase() === wanted) ?? null;
  }

  /** Names without which a save of this object is refused, in the order of a describe. */
  requiredNames(object: ObjectName): readonly string[] {
    const byAdmin = this.#options().requiredByAdmin[object] ?? [];
    return this.fields(object)
      .filter((field) => isRequired(field) || byAdmin.includes(field.name))
      .map((field) => field.name);
  }

  uniqueFields(object: ObjectName): readonly Field[] {
    return this.fields(object).filter((field) => field.unique);
  }

  #visible(object: ObjectName): ReadonlyMap<string, Field> {
    if (this.#builtFrom !== this.#options()) {
      this.#fields = new Map();
      this.#builtFrom = this.#options();
    }
    let fields = this.#fields.get(object);
    if (fields === undefined) {
      fields = visibleFields(object, this.#options());
      this.#fields.set(object, fields);
    }
    return fields;
  }
}

function visibleFields(object: ObjectName, options: SalesforceSandboxOptions): ReadonlyMap<string, Field> {
  return new Map(
    allFields(object, options).flatMap((field) => {
      const access = options.fieldAccess[`${object}.${field.name}`];
      if (access === 'none') return [];
      const seen = access === 'read' ? { ...field, createable: false, updateable: false } : field;
      return [[field.name.toLowerCase(), seen] as const];
    }),
  );
}

function allFields(object: ObjectName, options: SalesforceSandboxOptions): readonly Field[] {
  return [...standardFields(object, options), ...sharedFields(object, options), ...customFieldsOf(object, options)];
}

function customFieldsOf(object: ObjectName, options: SalesforceSandboxOptions): readonly Field[] {
  return [...integrationFields(object, options), ...(options.customFields[object] ?? [])].map(customField);
}

/** Fields that are there or not by the org's settings. */
function sharedFields(object: ObjectName, options: SalesforceSandboxOptions): readonly Field[] {
  const typed = options.recordTypes.some((type) => type.object === object);
  return [
    ...(typed ? [reference('RecordTypeId', 'Record Type ID', 'RecordType', ['RecordType'])] : []),
    ...(options.personAccounts && object === 'Contact' ? [flag('IsPersonAccount', 'Is Person Account', readOnly)] : []),
    ...(options.personAccounts && object === 'Account' ? personAccountFields(customFieldsOf('Contact', options)) : []),
  ];
}

function standardFields(object: ObjectName, options: SalesforceSandboxOptions): readonly Field[] {
  if (object === 'RecordType') return recordTypeFields(options.personAccounts);
  return object === 'Task' ? taskFields(options.taskStatuses, options.taskTypeField) : fixedObjects[object];
}

/** The fields an administrator is asked to make for the integration. */
function integrationFields(object: ObjectName, options: SalesforceSandboxOptions): readonly CustomField[] {
  const { taskExternalIdField, taskExternalIdUnique, personKeyField } = options;
  if (object === 'Task' && taskExternalIdField !== null) {
    return [
      { name: taskExternalIdField, length: 255, externalId: true, unique: taskExternalIdUnique, caseSensitive: true },
    ];
  }
  if (personObjects.includes(object) && personKeyField !== null) {
    return [{ name: personKeyField, length: 255, externalId: true, unique: true, caseSensitive: true }];
  }
  return [];
}
