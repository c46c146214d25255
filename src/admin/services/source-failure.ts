import type { DeliverDependencies } from '../../delivery/dependencies.ts';
import { duration } from '../wording.ts';
import { fault, warning, type DoctorFinding } from './doctor-finding.ts';

type Read = Awaited<ReturnType<ReturnType<DeliverDependencies['sourceFor']>['listTenants']>>;

/** Why PersonaDesk could not be read: codes and numbers only. */
export type SourceFailure = Extract<Read, { readonly kind: 'failed' }>['failure'];

/** What a failure to read PersonaDesk means for whoever runs the doctor. */
export function sourceFailure(failure: SourceFailure): DoctorFinding {
  const { kind, code, retryAfterMs } = failure;
  switch (kind) {
    case 'unauthorized':
      return fault(
        'personadesk',
        'api_key_refused',
        `PersonaDesk does not take the API key (${code}).`,
        'An operator puts a valid API key where `personadesk.apiKey` points; what waits is delivered by itself.',
      );
    case 'forbidden':
      return fault(
        'personadesk',
        'api_key_not_allowed',
        `The API key may not read this tenant's conversations (${code}).`,
        'An operator asks PersonaDesk for a key that may, and puts it where `personadesk.apiKey` points.',
      );
    case 'rate_limited':
      return warning(
        'personadesk',
        'personadesk_rate_limited',
        `PersonaDesk asks us to slow down (${code}).`,
        `Nobody needs to act: run the doctor again ${retryAfterMs === undefined ? 'later' : `in ${duration(retryAfterMs)}`}.`,
      );
    case 'unavailable':
    case 'timeout':
      return fault(
        'personadesk',
        'personadesk_unreachable',
        `PersonaDesk does not answer (${code}).`,
        'An operator checks `personadesk.baseUrl` and that this machine gets through to it; if it is down, what waits is delivered when it is back.',
      );
    case 'invalid_response':
    case 'bad_request':
      return fault(
        'personadesk',
        'personadesk_not_understood',
        `What answers at \`personadesk.baseUrl\` does not speak PersonaDesk's API (${code}).`,
        'An operator corrects `personadesk.baseUrl`; it ends with the version, as https://api.personadesk.ai/v1 does.',
      );
  }
}
