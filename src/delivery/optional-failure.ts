import type { CrmFailure } from '../domain/crm.ts';

/**
 * Whether a conversation waits for something that it could do without: the owner of a record, a deal to be put on. What
 * passes by itself is waited for, and so is a new access token. Anything else (a scope that is missing for deals, a deal
 * that was deleted) stops neither the conversation nor, by its absence from the failures, the connection.
 */
export function isWorthWaitingFor({ disposition, status }: CrmFailure): boolean {
  switch (disposition) {
    case 'retry':
    case 'throttle':
      return true;
    case 'reconnect':
      return status === 401;
    case 'fix_mapping':
    case 'fix_record':
    case 'resolve':
    case 'bug':
      return false;
  }
}
