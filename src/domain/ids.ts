import { z } from 'zod';

/**
 * Branded identifiers: a tenant id cannot be passed where a connection id belongs.
 * All are opaque text; the pattern only keeps out what no id may hold (white space, control characters, path tricks).
 */
const idText = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:@-]*$/, 'letters, digits and . _ : @ - only, starting with a letter or a digit');

export const tenantIdSchema = idText.brand<'TenantId'>();
export const connectionIdSchema = idText.max(64).brand<'ConnectionId'>();
export const conversationIdSchema = idText.brand<'ConversationId'>();
export const eventIdSchema = idText.brand<'EventId'>();
export const endpointIdSchema = idText.brand<'EndpointId'>();

/** A PersonaDesk tenant: one customer account. */
export type TenantId = z.infer<typeof tenantIdSchema>;
/** One tenant's link to one CRM account; chosen by the admin, e.g. `acme-hubspot`. */
export type ConnectionId = z.infer<typeof connectionIdSchema>;
/** A PersonaDesk conversation: a call, a chat or an SMS session. */
export type ConversationId = z.infer<typeof conversationIdSchema>;
/** A PersonaDesk webhook event; unique within its tenant. */
export type EventId = z.infer<typeof eventIdSchema>;
/** The opaque last part of a tenant's webhook URL. */
export type EndpointId = z.infer<typeof endpointIdSchema>;
