import type { Verification } from '../../domain/configuration.ts';
import { createBearerVerifier } from './bearer.ts';
import { createHmacHeaderVerifier } from './hmac-header.ts';
import { createStandardWebhooksVerifier } from './standard-webhooks.ts';
import type { Verifier } from './verifier.ts';

/**
 * The verifier a tenant has configured.
 *
 * @param secrets the resolved secrets, in the order of the configuration; an empty text is a secret that never matches.
 */
export function createVerifier(verification: Verification, secrets: readonly string[]): Verifier {
  switch (verification.scheme) {
    case 'standard-webhooks':
      return createStandardWebhooksVerifier(secrets, verification.toleranceSeconds);
    case 'hmac-header':
      return createHmacHeaderVerifier(secrets, verification);
    case 'bearer':
      return createBearerVerifier(secrets);
  }
}
