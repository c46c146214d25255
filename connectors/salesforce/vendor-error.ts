import { z } from 'zod';

/** One of Salesforce's refusals: an answer of its own, a part of a composite answer, or a row of a collection. */
export interface VendorError {
  /** Undefined for a row: rows carry none. */
  readonly status: number | undefined;
  /** False for a body that is not Salesforce's: an intermediary's page, nothing at all. */
  readonly readable: boolean;
  readonly code: string | undefined;
  readonly fields: readonly string[];
  readonly message: string | undefined;
}

/** Codes and names end in logs and in the ledger: nothing but an identifier passes. */
const identifier = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);
const optionalIdentifier = identifier.optional().catch(undefined);
const optionalText = z.string().optional().catch(undefined);

/** Collections name the code `statusCode`, everything else `errorCode`, the token endpoint `error`. */
const errorSchema = z.object({
  errorCode: optionalIdentifier,
  statusCode: optionalIdentifier,
  error: optionalIdentifier,
  message: optionalText,
  error_description: optionalText,
  fields: z
    .array(optionalIdentifier)
    .catch([])
    .transform((names) => names.filter((name) => name !== undefined)),
});

/** The root cause of several: a row that was only rolled back with another says nothing of its own. */
const CONSEQUENCES: ReadonlySet<string> = new Set(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'PROCESSING_HALTED']);

/** Reads an error body, bare or in a list, or a row's `errors`; never throws, whatever it is given. */
export function readVendorError(status: number | undefined, body: unknown): VendorError {
  const list: readonly unknown[] = Array.isArray(body) ? body : [body];
  const errors = list.flatMap((each) => {
    const parsed = errorSchema.safeParse(each);
    return parsed.success ? [read(status, parsed.data)] : [];
  });
  const named = errors.filter((error) => error.code !== undefined);
  const cause = named.find((error) => !CONSEQUENCES.has(error.code ?? ''));
  return cause ?? named[0] ?? errors[0] ?? unreadableError(status);
}

function read(status: number | undefined, error: z.infer<typeof errorSchema>): VendorError {
  const message = error.message ?? error.error_description;
  return {
    status,
    readable: true,
    code: error.errorCode ?? error.statusCode ?? error.error,
    fields: error.fields.length > 0 ? error.fields : columnIn(message),
    message,
  };
}

/** An unknown column is named in the text only: `No such column 'X__c' on sobject of type Task`. */
function columnIn(message: string | undefined): readonly string[] {
  const column = /No such column '([A-Za-z]\w{0,99})'/.exec(message ?? '')?.[1];
  return column === undefined ? [] : [column];
}

function unreadableError(status: number | undefined): VendorError {
  return { status, readable: false, code: undefined, fields: [], message: undefined };
}
