import type { ApiSession } from './api.ts';
import type { PersonObject } from './fields.ts';
import { readSchema, type SchemaResult } from './schema.ts';

/** Admins change fields and permissions now and then; what no refusal has shown is noticed by then. */
const FRESH_FOR_MS = 60 * 60_000;

/** A refusal by what was read this recently is the account's last word, and no reason to read again. */
const BEYOND_DOUBT_FOR_MS = 60_000;

/** The account's schema, read when it is needed and not known. */
export interface RememberedSchema {
  get(session: ApiSession): Promise<SchemaResult>;
  /** The account has refused what it should have taken by what we read. @returns whether it will be read again */
  doubt(): boolean;
}

/** @param now milliseconds since the epoch */
export function rememberSchema(needed: readonly PersonObject[], now: () => number): RememberedSchema {
  let known: { readonly readAt: number; readonly result: Promise<SchemaResult> } | undefined;

  function read(session: ApiSession): Promise<SchemaResult> {
    const reading = { readAt: now(), result: readSchema(session, needed) };
    known = reading;
    const forgetThis = () => {
      if (known === reading) known = undefined;
    };
    // Only a success is remembered; a rejection reaches whoever waits for the result.
    void reading.result.then((result) => {
      if (result.kind === 'failed') forgetThis();
    }, forgetThis);
    return reading.result;
  }

  return {
    // Calls that need it at once wait for one reading.
    get: (session) => (known !== undefined && now() - known.readAt < FRESH_FOR_MS ? known.result : read(session)),
    doubt: () => {
      if (known === undefined || now() - known.readAt < BEYOND_DOUBT_FOR_MS) return false;
      known = undefined;
      return true;
    },
  };
}
