import { z } from 'zod';

const optionalText = z.string().nullish().catch(undefined);

/** A row of a query: field name to value; a field of a related object is an object of its own. */
export type Row = Readonly<Record<string, unknown>> & { readonly Id: string };

const rowSchema = z.looseObject({ Id: z.string() });

export const queryAnswerSchema = z.object({
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
  records: z.array(rowSchema),
});

/** A search answers rows of several objects; each says which it is of. */
export const searchAnswerSchema = z.object({
  searchRecords: z.array(rowSchema.extend({ attributes: z.looseObject({ type: z.string() }) })),
});

export const compositeAnswerSchema = z.object({
  compositeResponse: z.array(z.object({ body: z.unknown(), httpStatusCode: z.int(), referenceId: z.string() })),
});

/** One row of a collection's answer. Whom it concerns is told by its place only. */
const collectionRowSchema = z.object({
  id: optionalText,
  success: z.boolean(),
  created: z.boolean().nullish().catch(undefined),
  errors: z.array(z.unknown()).catch([]),
});

export type CollectionRow = z.infer<typeof collectionRowSchema>;

export const collectionAnswerSchema = z.array(collectionRowSchema);

const picklistValueSchema = z.object({ active: z.boolean().catch(true), value: z.string(), label: optionalText });

const fieldSchema = z.object({
  name: z.string(),
  label: z.string().catch(''),
  type: z.string(),
  length: z.int().catch(0),
  createable: z.boolean().catch(false),
  updateable: z.boolean().catch(false),
  nillable: z.boolean().catch(true),
  defaultedOnCreate: z.boolean().catch(false),
  unique: z.boolean().catch(false),
  externalId: z.boolean().catch(false),
  caseSensitive: z.boolean().catch(false),
  filterable: z.boolean().catch(true),
  picklistValues: z.array(picklistValueSchema).nullish().catch(undefined),
});

export type VendorField = z.infer<typeof fieldSchema>;

const recordTypeSchema = z.object({
  recordTypeId: z.string(),
  developerName: z.string().catch(''),
  active: z.boolean().catch(true),
  available: z.boolean().catch(true),
  master: z.boolean().catch(false),
});

export type VendorRecordType = z.infer<typeof recordTypeSchema>;

export const describeAnswerSchema = z.object({
  name: z.string(),
  createable: z.boolean().catch(true),
  updateable: z.boolean().catch(true),
  fields: z.array(fieldSchema),
  recordTypeInfos: z.array(recordTypeSchema).catch([]),
});

/** The text of a field of a record that the row points at: `Account.LastModifiedDate`. */
export function textOfParent(row: Row, relationship: string, field: string): string | undefined {
  const parsed = rowOfParentSchema.safeParse(row[relationship]);
  return parsed.success ? textOf({ ...parsed.data, Id: '' }, field) : undefined;
}

const rowOfParentSchema = z.looseObject({});

/** Salesforce writes `2026-11-24T10:00:00.000+0000`, which is not quite ISO 8601. */
export function toUtc(text: string | undefined): string | undefined {
  const date = new Date(text?.replace(/([+-]\d{2})(\d{2})$/, '$1:$2') ?? '');
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

/** A row's value as text; undefined for an empty field and for what is no plain value. */
export function textOf(row: Row, field: string): string | undefined {
  const value = row[field];
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
