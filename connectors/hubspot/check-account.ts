import type { CrmFailure, Finding, QuotaReading } from '../../src/domain/crm.ts';
import type { ApiSession, ApiVersion } from './api.ts';
import { checkLimits } from './check-limits.ts';
import { checkProperties } from './check-properties.ts';
import { checkScopes } from './check-scopes.ts';
import { checkVersion } from './check-version.ts';
import { listProperties } from './describe.ts';
import type { ListedProperty } from './answers.ts';
import { WRITTEN_OBJECTS, type WrittenObject } from './properties.ts';

/** What the look at an account goes by. */
export interface AccountCheck {
  readonly openSession: () => ApiSession;
  readonly version: ApiVersion;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly quota: () => readonly QuotaReading[];
  /** Objects that provisioning found to be without a unique property of ours. */
  readonly unkeyed: ReadonlySet<WrittenObject>;
}

/** Looks at everything that delivery needs, and changes nothing. Ends early where an answer makes the rest meaningless. */
export async function checkAccount(check: AccountCheck): Promise<readonly Finding[]> {
  const version = checkVersion(check.version, check.now());
  const first = await listProperties(check.openSession(), 'contacts');
  if (first.kind === 'failed' && first.failure.status !== 403) return [version, inaccessible(first.failure)];

  const [scopes, listings] = await Promise.all([checkScopes(check.openSession), listAll(check.openSession)]);
  return [
    version,
    TOKEN_VALID,
    ...scopes,
    ...[...listings].flatMap(([object, listed]) => checkProperties(object, listed, check.unkeyed.has(object))),
    ...lostWithoutKeys(check.unkeyed),
    ...checkLimits(check.quota()),
  ];
}

/** The definitions that may be read; those that may not are a matter of scopes, which are checked by themselves. */
async function listAll(openSession: () => ApiSession): Promise<ReadonlyMap<WrittenObject, readonly ListedProperty[]>> {
  const listings = await Promise.all(WRITTEN_OBJECTS.map((object) => listProperties(openSession(), object)));
  const listed = new Map<WrittenObject, readonly ListedProperty[]>();
  WRITTEN_OBJECTS.forEach((object, index) => {
    const listing = listings[index];
    if (listing?.kind === 'ok') listed.set(object, listing.body);
  });
  return listed;
}

const TOKEN_VALID: Finding = {
  severity: 'ok',
  code: 'token_valid',
  what: 'HubSpot accepts the access token.',
  fix: '',
  fixable: false,
};

function inaccessible({ disposition, code }: CrmFailure): Finding {
  if (disposition === 'reconnect') {
    return {
      severity: 'error',
      code: 'token_invalid',
      what: `HubSpot refuses the access token (${code}).`,
      fix: 'A super admin of the HubSpot account: Settings > Integrations > Private Apps (or Service Keys) shows or rotates the token; put it where the configuration reads it from.',
      fixable: false,
    };
  }
  return {
    severity: 'error',
    code: disposition === 'throttle' ? 'account_throttled' : 'account_unreachable',
    what: `HubSpot could not be asked (${code}); nothing else was checked.`,
    fix:
      disposition === 'throttle'
        ? 'Wait until the limit starts over, and check again; other apps of the account may be using it up.'
        : 'The operator: look at the base URL and at the network path to it, and check again.',
    fixable: false,
  };
}

/** What unique properties would have given, for the objects that have none. */
function lostWithoutKeys(unkeyed: ReadonlySet<WrittenObject>): readonly Finding[] {
  return [...unkeyed].map((object) => ({
    severity: 'warning',
    code: 'written_without_key',
    what: `${object} are written without a unique property: an answer lost after the write may leave a duplicate${STILL_FOUND[object]}.`,
    fix: `A super admin: grant crm.schemas.contacts.write, or archive a custom property with unique values of ${object} that nobody needs; then restart CRM Sync. Records written until then keep having no key.`,
    fixable: false,
  }));
}

/** What stands in for the unique property of each object. */
const STILL_FOUND: Readonly<Record<WrittenObject, string>> = {
  contacts: ', or a second contact while the search still lags behind the first',
  calls: ' while the search for its external id still lags',
  communications: ', and one that is updated after a restart is made again',
  notes: ', and one that is updated after a restart is made again',
  tasks: ', and one that is updated after a restart is made again',
};
