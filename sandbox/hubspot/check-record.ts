import type { Account } from './account.ts';
import type { ObjectType } from './object-types.ts';
import { checkValue } from './property-values.ts';
import type { CrmRecord, PropertyValues } from './record-store.ts';
import { uniqueKey } from './record-store.ts';
import { invalid, type ErrorDetail, type Problem } from './refusal.ts';

export type CheckedProperties =
  { readonly ok: true; readonly values: PropertyValues } | { readonly ok: false; readonly problem: Problem };

/** Where a write comes from: API versions differ in the rules they enforce, seeds and people are not held to all of them. */
export interface WriteRules {
  /** API version, or null for changes that do not come through the API. */
  readonly version: string | null;
}

/** Checks each given value against its property, all at once, as HubSpot's answer lists all that is wrong. */
export function checkProperties(account: Account, type: ObjectType, given: PropertyValues): CheckedProperties {
  const values: Record<string, string> = {};
  const errors: ErrorDetail[] = [];
  const refuse = (name: string, code: string, message: string): void => {
    errors.push({ message, code, context: { propertyName: [name] } });
  };
  for (const [name, raw] of Object.entries(given)) {
    const property = account.registry.find(type.name, name);
    if (property === undefined) {
      if (account.options.unknownPropertyOnWrite === 'reject') {
        refuse(name, 'PROPERTY_DOESNT_EXIST', `Property "${name}" does not exist`);
      }
    } else if (property.readOnlyValue) {
      refuse(name, 'READ_ONLY_VALUE', `"${name}" is a read only property; its value cannot be set.`);
    } else {
      const checked = checkValue(property, raw, (id) => account.isOwner(id));
      if (checked.ok) values[name] = checked.value;
      else refuse(name, checked.code, checked.message);
    }
  }
  return errors.length === 0 ? { ok: true, values } : { ok: false, problem: notValid(account, errors) };
}

/** What a new record must have; null when it has it all. */
export function missingOnCreate(
  account: Account,
  type: ObjectType,
  values: PropertyValues,
  { version }: WriteRules,
): Problem | null {
  const absent = (name: string): boolean => (values[name] ?? '') === '';
  const missing = type.required.filter(absent);
  if (missing.length > 0) {
    const message = `Error creating ${type.singular}. Some required properties were not set.`;
    return invalid(message, {
      context: { properties: missing },
      errors: [{ message, context: { properties: missing } }],
    });
  }
  const isNameless = type.name === 'contacts' && ['email', 'firstname', 'lastname'].every(absent);
  if (isNameless && account.options.phoneOnlyContact === 'reject') {
    return invalid('A contact needs at least one of: email, firstname, lastname.', {
      context: { properties: ['email', 'firstname', 'lastname'] },
    });
  }
  return version === '2026-09' ? missingByAdminRule(account, type, absent) : null;
}

/** Since 2026-09 rules of administrators bind API writes on that version's paths (HubSpot's changelog). */
function missingByAdminRule(account: Account, type: ObjectType, absent: (name: string) => boolean): Problem | null {
  const missing = (account.options.requiredByAdmin[type.name] ?? []).filter(absent);
  if (missing.length === 0) return null;
  return invalid(`Error creating ${type.singular}. Some required properties were not set.`, {
    errors: missing.map((name) => ({
      message: `Property "${name}" is required`,
      code: 'MISSING_REQUIRED_PROPERTY',
      context: { propertyName: [name] },
    })),
  });
}

/**
 * The conflict a write would make with another live record over a value that must be unique; null when there is none.
 * `taken` holds what earlier rows of the same batch will have taken: property and value to the row's own mark.
 */
export function uniqueConflict(
  account: Account,
  type: ObjectType,
  values: PropertyValues,
  target: CrmRecord | null,
  taken: Set<string>,
): Problem | null {
  for (const name of account.registry.uniqueNames(type.name)) {
    const value = values[name];
    if (value === undefined || value === '') continue;
    const holder = account.records.holder(type.name, name, value);
    if (holder !== null && holder.id !== target?.id) return heldBy(account, type, { name, value, holder: holder.id });
    const key = `${name} ${uniqueKey(name, value)}`;
    if (taken.has(key)) return heldBy(account, type, { name, value, holder: 'another input of this batch' });
    taken.add(key);
  }
  return null;
}

function heldBy(
  account: Account,
  type: ObjectType,
  conflict: { readonly name: string; readonly value: string; readonly holder: string },
): Problem {
  const { name, value, holder } = conflict;
  const message =
    type.name === 'contacts' && name === 'email'
      ? `Contact already exists. Existing ID: ${holder}`
      : `Cannot set PropertyValueCoordinates{portalId=${account.options.portalId}, objectTypeId=${type.id}, ` +
        `propertyName=${name}, value=${value}}. ${holder} already has that value.`;
  return { status: 409, category: 'CONFLICT', message };
}

/** HubSpot puts the list of what is wrong into the message as JSON, and again into `errors`. */
function notValid(account: Account, errors: readonly ErrorDetail[]): Problem {
  const results = errors.map(({ message, code, context }) => ({
    isValid: false,
    message,
    error: code,
    name: context?.propertyName?.[0],
    localizedErrorMessage: message,
    portalId: account.options.portalId,
  }));
  return invalid(`Property values were not valid: ${JSON.stringify(results)}`, { errors });
}
