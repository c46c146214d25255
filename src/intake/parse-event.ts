import { isUtf8 } from 'node:buffer';
import { z } from 'zod';
import { isKnownEventType, unknownEventSchema, webhookEventSchema } from '../domain/event.ts';
import type { TenantId } from '../domain/ids.ts';
import type { Malformation } from './outcome.ts';
import type { AcceptedEvent } from './ports.ts';

export type ParseResult =
  { readonly ok: true; readonly event: AcceptedEvent } | { readonly ok: false; readonly problem: Malformation };

const typeSchema = z.object({ type: z.string() });

/** Reads a verified body as an event of the tenant whose endpoint it came to. */
export function parseEvent(body: Buffer, tenantId: TenantId): ParseResult {
  const json = parseJson(body);
  if (json === undefined) return { ok: false, problem: { code: 'invalid_json' } };
  const typed = typeSchema.safeParse(json.value);
  const known = typed.success && isKnownEventType(typed.data.type);
  const read = (known ? webhookEventSchema : unknownEventSchema).safeParse(json.value);
  if (!read.success) return invalidAt(read.error.issues[0]?.path ?? []);

  const { id, type, created_at: createdAt, data } = read.data;
  const named = data?.tenant_id ?? tenantId;
  if (named !== tenantId) return { ok: false, problem: { code: 'tenant_mismatch' } };
  if (/\p{Cc}/u.test(type)) return invalidAt(['type']);
  const instant = new Date(createdAt);
  if (!isStorable(instant)) return invalidAt(['created_at']);
  return {
    ok: true,
    event: { tenantId, eventId: id, type, known, ...conversationOf(data), createdAt: instant.toISOString(), body },
  };
}

type ParsedData = z.infer<typeof webhookEventSchema>['data'] | z.infer<typeof unknownEventSchema>['data'];

function conversationOf(data: ParsedData): Pick<AcceptedEvent, 'conversationId'> {
  const parsed = webhookEventSchema.shape.data.shape.conversation_id.safeParse(data?.conversation_id);
  return parsed.success ? { conversationId: parsed.data } : {};
}

function parseJson(body: Buffer): { readonly value: unknown } | undefined {
  // A byte that is not UTF-8 must not turn into a replacement character in an id.
  if (!isUtf8(body)) return undefined;
  try {
    return { value: JSON.parse(body.toString('utf8')) };
  } catch (error) {
    // The error is not kept: its message quotes the body.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Four-digit years from 1970 on. Beyond them a database refuses what JavaScript can hold, and an event that can never be
 * stored must be refused for good (400), not be sent again and again (503).
 */
function isStorable(instant: Date): boolean {
  const year = instant.getUTCFullYear();
  return year >= 1970 && year <= 9999;
}

function invalidAt(path: readonly PropertyKey[]): ParseResult {
  return { ok: false, problem: { code: 'invalid_event', at: path.map(String).join('.') } };
}
