import { z } from 'zod';
import { conversationIdSchema, tenantIdSchema } from '../domain/ids.ts';

/** Any JSON object. */
export const recordSchema = z.record(z.string(), z.unknown());

/**
 * A page of a list: `{ data, next_cursor }`, documented for conversations.
 * Assumed for the other lists too; if that is wrong and a bare array comes, it is taken as the only page.
 */
export const pageSchema = z.union([
  z.object({
    data: z.array(z.unknown()),
    next_cursor: z.union([z.string(), z.number().transform(String)]).nullish(),
  }),
  z.array(z.unknown()).transform((data) => ({ data, next_cursor: null })),
]);

/**
 * Assumed: a single resource is the object itself. If it is wrapped as `{ data: {...} }`, the wrapping is taken off.
 */
export const singleSchema = recordSchema.transform((record) => {
  if (Object.hasOwn(record, 'id')) return record;
  const inner = recordSchema.safeParse(record.data);
  return inner.success ? inner.data : record;
});

/** The four fields of a conversation without which nothing can be done with it; all are documented. */
export const conversationCoreSchema = z.object({
  id: conversationIdSchema,
  tenant_id: tenantIdSchema,
  status: z.string().min(1),
  channel: z.string().min(1),
});

/** Text that says something. */
export const textSchema = z.string().refine((text) => text.trim() !== '');

/** Assumed: direction is one of these two words. If it is another, it stays in `raw` and the conversation has none. */
export const directionSchema = z
  .string()
  .transform((word) => word.toLowerCase())
  .pipe(z.enum(['inbound', 'outbound']));

export const durationSchema = z.number().nonnegative();

const INSTANT = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * An instant as ISO 8601 UTC with milliseconds. Documented with a `Z`; assumed: without an offset it is UTC too.
 * If that is wrong, such times are off by the offset; whatever is no instant at all stays in `raw`.
 */
export const instantSchema = z
  .string()
  .regex(INSTANT)
  .transform((text) => {
    const joined = text.replace(' ', 'T');
    return Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(joined) ? joined : `${joined}Z`);
  })
  .pipe(z.number())
  .transform((epochMs) => new Date(epochMs).toISOString());
