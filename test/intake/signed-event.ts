import { Webhook } from 'standardwebhooks';
import { createHmac } from 'node:crypto';

/** Any 24 bytes. */
export const SECRET = `whsec_${Buffer.from('a secret of 24 bytes ...').toString('base64')}`;
export const OTHER_SECRET = `whsec_${Buffer.from('another one of 24 bytes.').toString('base64')}`;

/** An event in the form PersonaDesk documents. */
export function eventOf(overrides: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    type: 'conversation.completed',
    id: 'evt_123',
    created_at: '2026-01-15T10:25:12Z',
    data: { conversation_id: 'conv_123', tenant_id: 'ten_acme', from_number: '+15551234567' },
    ...overrides,
  };
}

export interface SignOptions {
  readonly secret?: string;
  readonly at?: Date;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Signs a body as PersonaDesk would, with the reference library. */
export function signedText(text: string, { secret = SECRET, at = new Date(), headers = {} }: SignOptions = {}) {
  const id = 'msg_1';
  return {
    body: text,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, at, text),
      ...headers,
    },
  };
}

export function signedEvent(overrides: Readonly<Record<string, unknown>> = {}, options: SignOptions = {}) {
  return signedText(JSON.stringify(eventOf(overrides)), options);
}

/** Signs bytes that are no text: the reference library would turn them into one first. */
export function signedBytes(body: Buffer, at = new Date()) {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(SECRET.slice('whsec_'.length), 'base64');
  const signature = createHmac('sha256', key).update(`msg_1.${timestamp}.`).update(body).digest('base64');
  return {
    body,
    headers: {
      'content-type': 'application/json',
      'webhook-id': 'msg_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
  };
}
