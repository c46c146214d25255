import { createHmac } from 'node:crypto';

/** How deliveries are authenticated; the documentation names no scheme, so the receiver supports three. */
type WebhookScheme = 'standard-webhooks' | 'hmac-header' | 'bearer';

export interface SigningOptions {
  readonly scheme: WebhookScheme;
  readonly secret: string;
  /** `hmac-header` only; default `x-personadesk-signature`. */
  readonly headerName?: string;
  /** `hmac-header` only; default hex. */
  readonly encoding?: 'hex' | 'base64';
  /** `hmac-header` only; default sha256. */
  readonly algorithm?: 'sha256' | 'sha512';
}

/** One delivery as the signature covers it. `sentAtSeconds` is Unix time. */
export interface Delivery {
  readonly id: string;
  readonly sentAtSeconds: number;
  readonly body: string;
}

/** The Standard Webhooks signature: HMAC-SHA256 over `id.timestamp.body`, keyed by the base64 after `whsec_`. */
function standardWebhooksSignature(secret: string, { id, sentAtSeconds, body }: Delivery): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${sentAtSeconds}.${body}`).digest('base64')}`;
}

/** The headers that vouch for a delivery under each scheme. */
export function signatureHeaders(options: SigningOptions, delivery: Delivery): Record<string, string> {
  switch (options.scheme) {
    case 'standard-webhooks':
      return {
        'webhook-id': delivery.id,
        'webhook-timestamp': String(delivery.sentAtSeconds),
        'webhook-signature': standardWebhooksSignature(options.secret, delivery),
      };
    case 'hmac-header': {
      const { headerName = 'x-personadesk-signature', encoding = 'hex', algorithm = 'sha256' } = options;
      return { [headerName]: createHmac(algorithm, options.secret).update(delivery.body).digest(encoding) };
    }
    case 'bearer':
      return { authorization: `Bearer ${options.secret}` };
  }
}
