import { z } from 'zod';
import { parseJson } from '../transport/parse-json.ts';

/** One of HubSpot's refusals, whether it came as an answer of its own or as a row of a 207. Everything is optional there. */
export interface VendorError {
  readonly status: number;
  /** False for a body that is not HubSpot's: an intermediary's page, nothing at all. */
  readonly readable: boolean;
  readonly category: string | undefined;
  /** Which limit, on a 429. Searches name none. */
  readonly policy: string | undefined;
  readonly message: string | undefined;
  readonly details: readonly VendorErrorDetail[];
  /** Which of HubSpot's lists of ids the context holds, such as `INVALID_OBJECT_IDS`. */
  readonly contextKeys: readonly string[];
}

interface VendorErrorDetail {
  readonly code: string | undefined;
  readonly field: string | undefined;
  readonly message: string | undefined;
}

/** Codes and names end in logs and in the ledger: nothing but an identifier passes. */
const identifier = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/);
const optionalIdentifier = identifier.optional().catch(undefined);
const optionalText = z.string().optional().catch(undefined);
const context = z.record(z.string(), z.unknown()).catch({});

const detailSchema = z.object({ message: optionalText, code: optionalIdentifier, in: optionalIdentifier, context });

const errorSchema = z.object({
  category: optionalIdentifier,
  errorType: optionalIdentifier,
  policyName: optionalIdentifier,
  message: optionalText,
  errors: z.array(detailSchema.catch({ context: {} })).catch([]),
  context,
});

/** Creating without a required property is refused without a code; its context lists the properties instead. */
const REQUIRED = 'MISSING_REQUIRED_PROPERTY';

/** A user who may not link is told in words only, and with a 400 (HubSpot's 2026-09 write validation). */
export const MISSING_EDIT_ASSOCIATIONS = 'MISSING_EDIT_ASSOCIATIONS';
const EDIT_ASSOCIATIONS_WORDS = /missing .?edit associations.? permission/i;

/** Property refusals as HubSpot packs them into the message: `Property values were not valid: [{...}]`. */
const packedDetailsSchema = z.array(
  z.object({ name: optionalIdentifier, error: optionalIdentifier, message: optionalText }),
);

/** Reads an error body or a row; never throws, whatever it is given. */
export function readVendorError(status: number, body: unknown): VendorError {
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) return unreadableError(status);
  const { category, errorType, policyName, message, errors, context: rootContext } = parsed.data;
  const details = errors.map((detail) => ({
    code: detail.code ?? (detail.context.properties === undefined ? undefined : REQUIRED),
    field: fieldOf(detail.context) ?? detail.in,
    message: detail.message,
  }));
  return {
    status,
    readable: true,
    category: category ?? errorType,
    policy: policyName,
    message,
    details:
      details.length > 0
        ? details
        : [...rootDetails(rootContext), ...unpackDetails(message), ...permissionDetails(message)],
    contextKeys: [rootContext, ...errors.map((detail) => detail.context)].flatMap((each) => Object.keys(each)),
  };
}

/** An error of which only the status is known. */
function unreadableError(status: number): VendorError {
  return {
    status,
    readable: false,
    category: undefined,
    policy: undefined,
    message: undefined,
    details: [],
    contextKeys: [],
  };
}

function rootDetails(rootContext: Readonly<Record<string, unknown>>): readonly VendorErrorDetail[] {
  const field = fieldOf(rootContext);
  if (field === undefined) return [];
  return [{ code: rootContext.properties === undefined ? undefined : REQUIRED, field, message: undefined }];
}

function permissionDetails(message: string | undefined): readonly VendorErrorDetail[] {
  if (message === undefined || !EDIT_ASSOCIATIONS_WORDS.test(message)) return [];
  return [{ code: MISSING_EDIT_ASSOCIATIONS, field: undefined, message }];
}

function unpackDetails(message: string | undefined): readonly VendorErrorDetail[] {
  const start = message?.indexOf('[{') ?? -1;
  const end = message?.lastIndexOf(']') ?? -1;
  if (message === undefined || start < 0 || end < start) return [];
  const parsed = packedDetailsSchema.safeParse(parseJson(message.slice(start, end + 1)));
  if (!parsed.success) return [];
  return parsed.data.map((detail) => ({ code: detail.error, field: detail.name, message: detail.message }));
}

/** `context.propertyName` is a list of one in most answers, a plain text in some. */
function fieldOf(detailContext: Readonly<Record<string, unknown>>): string | undefined {
  const named = detailContext.propertyName ?? detailContext.name ?? detailContext.properties;
  const first: unknown = Array.isArray(named) ? named[0] : named;
  const field = identifier.safeParse(first);
  return field.success ? field.data : undefined;
}
