import type { z } from 'zod';
import {
  connectionIdSchema,
  conversationIdSchema,
  tenantIdSchema,
  type ConnectionId,
  type ConversationId,
  type TenantId,
} from '../domain/ids.ts';
import { isReasonCode, REASONS, type ReasonCode } from '../domain/reasons.ts';
import { UsageError } from './command-failure.ts';

/** @throws UsageError for text that cannot be a conversation id. */
export function conversationArgument(text: string): ConversationId {
  return parse(conversationIdSchema, text, 'conversation id');
}

/** @throws UsageError for text that cannot be a connection id. */
export function connectionArgument(text: string): ConnectionId {
  return parse(connectionIdSchema, text, 'connection id');
}

/** @throws UsageError for text that cannot be a tenant id. */
export function tenantArgument(text: string): TenantId {
  return parse(tenantIdSchema, text, 'tenant id');
}

/** @throws UsageError for text that is no reason code. */
export function reasonArgument(text: string): ReasonCode {
  if (isReasonCode(text)) return text;
  throw new UsageError(`There is no such reason code. Known: ${Object.keys(REASONS).join(', ')}.`);
}

/**
 * @param most the greatest that is allowed; 1 is the least
 * @throws UsageError for text that is no such number.
 */
export function countArgument(text: string, what: string, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= most) return count;
  throw new UsageError(`${what} takes a whole number from 1 to ${most.toLocaleString('en-US')}.`);
}

function parse<S extends z.ZodType>(schema: S, text: string, what: string): z.infer<S> {
  const parsed = schema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw new UsageError(`The ${what} holds something that no id holds: letters, digits and . _ : @ - only.`);
}
