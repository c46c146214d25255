/** A JSON object as the API sends it. */
export type ApiRecord = Readonly<Record<string, unknown>>;

/** A conversation as the sandbox stores and serves it; only what the sandbox itself needs is typed. */
export type ConversationResource = ApiRecord & { readonly id: string; readonly tenant_id: string };

/** The four webhook events of PersonaDesk's developer page. */
export type WebhookEventType = 'call.started' | 'conversation.routed' | 'handoff.requested' | 'conversation.completed';

/** A webhook payload, shaped as the documented example is. */
export interface WebhookEvent {
  readonly type: WebhookEventType;
  readonly id: string;
  readonly created_at: string;
  readonly data: ApiRecord & { readonly conversation_id: string; readonly tenant_id: string };
}

/** What the sandbox holds of one conversation. */
export interface SandboxConversation {
  readonly resource: ConversationResource;
  readonly messages?: readonly ApiRecord[];
  readonly routingDecisions?: readonly ApiRecord[];
}

/** The fields of a generated conversation that tests read; everything else is there under its API name. */
export interface GeneratedResource {
  readonly id: string;
  readonly tenant_id: string;
  readonly status: string;
  readonly channel: string;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly [field: string]: unknown;
}

/** One conversation with all that the API and the webhooks tell of it; `events` are in the order they happened. */
export interface GeneratedConversation extends SandboxConversation {
  readonly resource: GeneratedResource;
  readonly messages: readonly ApiRecord[];
  readonly routingDecisions: readonly ApiRecord[];
  readonly events: readonly WebhookEvent[];
}

/** A customer account of the sandbox and the bearer key that opens it. Several tenants may share one key. */
export interface SandboxTenant {
  readonly id: string;
  readonly name: string;
  readonly apiKey: string;
}
