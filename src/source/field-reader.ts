import type { z } from 'zod';

/** Takes known fields out of a JSON object; what is not taken remains for `raw`. */
export interface FieldReader {
  /**
   * The value of the first of these fields that is there and of the right type.
   * A field of the wrong type is not taken: it stays with the rest and does no harm.
   */
  take<T>(names: string | readonly string[], schema: z.ZodType<T>): T | undefined;
  /** All that was not taken, without nulls: a null says no more than an absent field. */
  rest(): Readonly<Record<string, unknown>>;
}

/** Reads the fields of one object. */
export function readFields(record: Readonly<Record<string, unknown>>): FieldReader {
  const taken = new Set<string>();
  return {
    take: (names, schema) => {
      for (const name of typeof names === 'string' ? [names] : names) {
        if (!Object.hasOwn(record, name) || taken.has(name)) continue;
        const parsed = schema.safeParse(record[name]);
        if (!parsed.success) continue;
        taken.add(name);
        return parsed.data;
      }
      return undefined;
    },
    // `fromEntries` defines own fields, so a field named __proto__ is a field and nothing more.
    rest: () =>
      Object.fromEntries(Object.entries(record).filter(([name, value]) => !taken.has(name) && value !== null)),
  };
}

/** The object without its undefined fields: absent means absent. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined);
  // Exactly the fields whose value is not undefined are left, which is what the type says.
  return Object.fromEntries(kept) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
