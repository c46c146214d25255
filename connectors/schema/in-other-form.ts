import type { FieldValues } from '../../src/domain/crm.ts';

/**
 * The fields that were written in another form than they were asked to be, each as it was written; an empty text for
 * what was left out.
 */
export function inOtherForm(asked: FieldValues, written: Readonly<Record<string, unknown>>): FieldValues {
  return Object.fromEntries(
    Object.entries(asked).flatMap(([field, value]) => {
      const form = Object.hasOwn(written, field) ? String(written[field]) : '';
      return form === value ? [] : [[field, form]];
    }),
  );
}
