import { z } from 'zod';

/** Ids are texts in HubSpot's answers; numbers are tolerated, since some endpoints of older versions sent them. */
const id = z.union([z.string().min(1), z.int().nonnegative().transform(String)]);

export const recordSchema = z.object({
  id,
  /** A property that is empty is null, or `""` after it was cleared. */
  properties: z.record(z.string(), z.string().nullable()).catch({}),
  updatedAt: z.string().optional().catch(undefined),
  archived: z.boolean().optional().catch(undefined),
  /** Only in upserts: whether the record was created by this call. */
  new: z.boolean().optional().catch(undefined),
  objectWriteTraceId: z.string().optional().catch(undefined),
});

export type HubSpotRecord = z.infer<typeof recordSchema>;

/** A row of a 207, or of a 200 that hides one. Read again by `readVendorError`; here only whom it concerns. */
const errorRowSchema = z
  .looseObject({
    category: z.string().optional().catch(undefined),
    subCategory: z.string().optional().catch(undefined),
    context: z.record(z.string(), z.unknown()).catch({}),
  })
  .catch({ context: {} });

export type ErrorRow = z.infer<typeof errorRowSchema>;

export const batchAnswerSchema = z.object({
  results: z.array(recordSchema).default([]),
  errors: z.array(errorRowSchema).default([]),
});

export type BatchAnswer = z.infer<typeof batchAnswerSchema>;

const pagingSchema = z.object({ next: z.object({ after: id }).optional() }).optional();

export const searchAnswerSchema = z.object({
  total: z.int().nonnegative(),
  results: z.array(recordSchema),
  paging: pagingSchema,
});

export type SearchAnswer = z.infer<typeof searchAnswerSchema>;

const end = z.object({ id });

export const associateAnswerSchema = z.object({
  results: z.array(z.object({ from: end, to: end })).default([]),
  errors: z.array(errorRowSchema).default([]),
});

const associationTypeSchema = z.object({ category: z.string().catch(''), typeId: z.int().catch(0) });

/** Links of records, each with the kinds it has; what does not fit a page is asked for by `after`. */
export const associationsAnswerSchema = z.object({
  results: z
    .array(
      z.object({
        from: end,
        to: z
          .array(z.object({ toObjectId: id, associationTypes: z.array(associationTypeSchema).catch([]) }))
          .default([]),
        paging: pagingSchema,
      }),
    )
    .default([]),
  errors: z.array(errorRowSchema).default([]),
});

export const propertyAnswerSchema = z.object({ name: z.string(), hasUniqueValue: z.boolean().default(false) });

export const ownersAnswerSchema = z.object({
  results: z.array(z.object({ id, email: z.string().optional().catch(undefined) })),
  paging: pagingSchema,
});

const flag = z.boolean().catch(false);

/** A definition as the properties API lists it; what is left out of it counts as not so. */
const listedPropertySchema = z.object({
  name: z.string(),
  label: z.string().catch(''),
  type: z.string().catch('string'),
  fieldType: z.string().catch(''),
  groupName: z.string().optional().catch(undefined),
  hasUniqueValue: flag,
  hidden: flag,
  calculated: flag,
  externalOptions: flag,
  hubspotDefined: flag,
  archived: flag,
  modificationMetadata: z.object({ readOnlyValue: flag }).catch({ readOnlyValue: false }),
  options: z.array(z.object({ value: z.string(), label: z.string().catch(''), hidden: flag })).catch([]),
});

export type ListedProperty = z.infer<typeof listedPropertySchema>;

export const propertyListSchema = z.object({ results: z.array(listedPropertySchema) });

/** All texts in one list of a row's context: HubSpot sends a list, or the bare value where there is one only. */
export function contextTexts(row: ErrorRow, key: string): readonly string[] {
  const value = row.context[key];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}
