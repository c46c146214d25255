import { z } from 'zod';
import { CRM_KINDS } from '../../domain/crm.ts';
import { WRITE_MODES } from '../../domain/plan.ts';
import { plainTransformSchemas } from './transform-schema.ts';

/** What a digest is made for: the CRM's HTML fields or its plain ones. */
const digestSchema = z.strictObject({
  as: z.enum(['html', 'text']),
  /** Characters, HTML included; what does not fit is cut from the transcript first. */
  maxLength: z.int().min(100).max(131_072),
});

/** The longest expression, in characters. */
export const MAX_EXPRESSION = 2_000;
const expression = z.string().min(1).max(MAX_EXPRESSION);

/** Where a value comes from: exactly one of these keys. */
const sourceSchema = z
  .strictObject({
    /** A value of the conversation, by its path: `conversation.summary`. */
    path: z.string().min(1).max(200).optional(),
    /** The same for every conversation. */
    constant: z.string().min(1).max(1_000).optional(),
    /** Text with values in it: `Call from {{caller.name | trim}}`. */
    template: z.string().min(1).max(2_000).optional(),
    /** An expression in the Common Expression Language. */
    cel: expression.optional(),
    /** The whole conversation as one text: summary, what is known, transcript. */
    digest: digestSchema.optional(),
  })
  .superRefine((source, context) => {
    const named = Object.values(source).filter((value) => value !== undefined).length;
    if (named === 1) return;
    const message = named === 0 ? 'nothing says where the value comes from' : 'a value comes from one place only';
    context.addIssue({ code: 'custom', message });
  });

/** What stands in for a missing value: the first of these sources that has one. */
const coalesceSchema = z.strictObject({ use: z.literal('coalesce'), of: z.array(sourceSchema).min(1).max(10) });

const transformSchema = z.discriminatedUnion('use', [...plainTransformSchemas, coalesceSchema]);

const rowSchema = z.strictObject({
  /** The CRM's own name of the field. */
  field: z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, 'the internal name of a CRM field'),
  from: sourceSchema,
  transforms: z.array(transformSchema).max(20).optional(),
  mode: z.enum(WRITE_MODES),
  /** An expression; the row counts only where it is true. */
  when: expression.optional(),
  /** What no value means: leave the field as it is (the default), clear it, or write this. */
  ifNull: z
    .union([z.literal('leave'), z.literal('clear'), z.strictObject({ default: z.string().min(1).max(1_000) })], {
      error: 'only `leave`, `clear` or `{ default: TEXT }` can stand here',
    })
    .optional(),
});

const rows = z.array(rowSchema).max(200);

/** A mapping as people write it: per object of the CRM a list of rows. JSON or YAML; unknown keys are errors. */
export const mappingDocumentSchema = z.strictObject({
  version: z.literal(1),
  crm: z.enum(CRM_KINDS),
  name: z.string().min(1).max(100),
  /** The person of the conversation: a contact or, in Salesforce, a lead. */
  person: rows,
  /** What the conversation itself becomes, by its kind. */
  activities: z.strictObject({ call: rows, text_message: rows, chat: rows }),
  /** The follow-up task, when the policy wants one. */
  task: rows,
});

/** A document as it was read, with its defaults filled in. */
export type MappingDocument = z.output<typeof mappingDocumentSchema>;
/** A document before its defaults are filled in. */
export type MappingDocumentInput = z.input<typeof mappingDocumentSchema>;
/** One row: a field and what it gets. */
export type MappingRow = MappingDocument['person'][number];
/** Where a row says its value comes from: exactly one of the keys is there. */
export type MappingSourceSpec = MappingRow['from'];
/** One step of a row. */
export type Transform = z.output<typeof transformSchema>;

/** The keys that go with a transform, `use` first. */
export function transformKeys(use: string): readonly string[] {
  const schema = transformSchema.options.find(({ shape }) => shape.use.value === use);
  return schema === undefined ? [] : Object.keys(schema.shape);
}

/** The names of all transforms. */
export const TRANSFORM_NAMES: readonly string[] = transformSchema.options.map(({ shape }) => shape.use.value);
