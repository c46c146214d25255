import { createHmac } from 'node:crypto';
import type { Verification } from '../../domain/configuration.ts';

/**
 * The headers that prove an event to the intake, by the tenant's own scheme.
 * `standard-webhooks` follows the Standard Webhooks specification: HMAC-SHA256 over `id.timestamp.body`, the key being the
 * base64 part of a `whsec_` secret.
 */
export function signEvent(event: {
  readonly verification: Verification;
  readonly secret: string;
  readonly eventId: string;
  readonly body: string;
  readonly now: Date;
}): Readonly<Record<string, string>> {
  const { verification, secret, eventId, body, now } = event;
  switch (verification.scheme) {
    case 'standard-webhooks': {
      const timestamp = Math.floor(now.getTime() / 1_000).toString();
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
      const signature = createHmac('sha256', key).update(`${eventId}.${timestamp}.${body}`).digest('base64');
      return { 'webhook-id': eventId, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
    }
    case 'hmac-header': {
      const signature = createHmac(verification.algorithm, secret).update(body).digest(verification.encoding);
      return { [verification.header]: signature };
    }
    case 'bearer':
      return { authorization: `Bearer ${secret}` };
  }
}
