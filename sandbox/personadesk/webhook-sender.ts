import { Agent, request } from 'undici';
import { deliverAll, type DeliveryReport, type SendAllOptions } from './webhook-load.ts';
import { signatureHeaders, type SigningOptions } from './webhook-signature.ts';
import type { WebhookEvent } from './resources.ts';

/** Ways in which a delivery can be a lie; the receiver must refuse each. */
export type Forgery = 'stale_timestamp' | 'future_timestamp' | 'wrong_secret' | 'tampered_body' | 'unsigned';

export interface SendOptions {
  readonly forge?: Forgery;
  readonly signal?: AbortSignal;
}

/** The receiver's answer. Status 0 means there was none, and `body` is then the error's code. */
export interface SendResult {
  readonly status: number;
  readonly body: string;
}

export interface WebhookSender {
  send(event: WebhookEvent, options?: SendOptions): Promise<SendResult>;
  /** Sends many, with the faults of real senders: copies, disorder, losses, wrong signatures. */
  sendAll(events: readonly WebhookEvent[], options?: SendAllOptions): Promise<DeliveryReport>;
  /** Closes idle connections. */
  close(): Promise<void>;
}

export interface WebhookSenderOptions extends SigningOptions {
  readonly url: string;
  /** Epoch milliseconds; the time a delivery is signed with. */
  readonly clock?: () => number;
  /** Default 15,000. */
  readonly timeoutMs?: number;
}

/** Twice the five minutes that receivers of Standard Webhooks commonly tolerate. */
const OUTSIDE_TOLERANCE_SECONDS = 600;

const OTHER_SECRET = `whsec_${Buffer.from('not the secret of this endpoint.').toString('base64')}`;

function shiftOf(forge: Forgery | undefined): number {
  if (forge === 'stale_timestamp') return -OUTSIDE_TOLERANCE_SECONDS;
  return forge === 'future_timestamp' ? OUTSIDE_TOLERANCE_SECONDS : 0;
}

/** A delivery as it goes over the wire. Forged ones differ from genuine ones in exactly one respect. */
function prepareDelivery(
  options: SigningOptions,
  event: WebhookEvent,
  nowMs: number,
  forge?: Forgery,
): { readonly headers: Readonly<Record<string, string>>; readonly body: string } {
  const body = JSON.stringify(event);
  const sentAtSeconds = Math.floor(nowMs / 1000) + shiftOf(forge);
  const signing = forge === 'wrong_secret' ? { ...options, secret: OTHER_SECRET } : options;
  const signature = forge === 'unsigned' ? {} : signatureHeaders(signing, { id: event.id, sentAtSeconds, body });
  return {
    headers: { 'content-type': 'application/json', 'user-agent': 'PersonaDesk-Webhooks', ...signature },
    body: forge === 'tampered_body' ? body.replace(/}$/, ',"tampered":true}') : body,
  };
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'unknown';
}

/** A sender of webhooks to one endpoint, as PersonaDesk would have one per tenant. */
export function createWebhookSender(options: WebhookSenderOptions): WebhookSender {
  const { url, clock = Date.now, timeoutMs = 15_000 } = options;
  const agent = new Agent({ headersTimeout: timeoutMs, bodyTimeout: timeoutMs });
  const send = async (event: WebhookEvent, { forge, signal }: SendOptions = {}): Promise<SendResult> => {
    const { headers, body } = prepareDelivery(options, event, clock(), forge);
    try {
      const cancel = signal === undefined ? {} : { signal };
      const response = await request(url, { method: 'POST', headers, body, dispatcher: agent, ...cancel });
      return { status: response.statusCode, body: await response.body.text() };
    } catch (error) {
      return { status: 0, body: codeOf(error) };
    }
  };
  return {
    send,
    sendAll: (events, sendAllOptions = {}) => deliverAll(send, events, sendAllOptions),
    close: () => agent.close(),
  };
}
