import type { ObjectSchema } from './object-schema.ts';

/** The standard field; it is there when the object has record types. */
export const RECORD_TYPE = 'RecordTypeId';

/**
 * The id of a record type that the integration user may choose, given by id or by developer name, which Salesforce
 * compares without case. Labels are no names: an admin renames them, and people see them translated.
 *
 * @returns undefined for one that is not there, not active or not available to the user
 */
export function recordTypeId({ recordTypes }: ObjectSchema, text: string): string | undefined {
  const wanted = text.trim();
  const found = recordTypes.find(
    (each) =>
      !each.master &&
      (each.developerName.toLowerCase() === wanted.toLowerCase() ||
        (isId(wanted) && each.recordTypeId.slice(0, 15) === wanted.slice(0, 15))),
  );
  return found?.active === true && found.available ? found.recordTypeId : undefined;
}

function isId(text: string): boolean {
  return /^012[A-Za-z0-9]{12}(?:[A-Za-z0-9]{3})?$/.test(text);
}
