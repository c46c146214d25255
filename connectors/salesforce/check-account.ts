import type { CrmFailure, Finding, QuotaReading } from '../../src/domain/crm.ts';
import type { ApiSession } from './api.ts';
import { failureCode } from './codes.ts';
import { checkFields } from './check-fields.ts';
import { checkKeyField } from './check-key-field.ts';
import { CONVERSATION_KEY, PERSON_KEY, type CreatedAs, type PersonObject } from './fields.ts';
import type { LimitInfo } from './limit-info.ts';
import { readObject } from './object-schema.ts';
import { readPersonAccounts, type PersonAccountsResult } from './person-account-schema.ts';
import { readStatuses } from './schema.ts';

/** What the check looks at beside the account. */
export interface CheckOptions {
  /** Where people are looked for. */
  readonly objects: readonly PersonObject[];
  readonly createAs: CreatedAs;
  readonly phoneFields: readonly string[];
  readonly limits: LimitInfo;
}

/** Below this share of the day's calls the rest of the org will soon feel it. */
const LOW_SHARE = 0.1;

/** Looks at the account as the integration user: a few reads, no writes. */
export async function checkAccount(session: ApiSession, options: CheckOptions): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { createAs } = options;
  // A person account shows itself as a contact.
  const people = [...options.objects, createAs === 'PersonAccount' ? 'Contact' : createAs];
  for (const name of new Set(['Task' as const, ...people])) {
    const described = await readObject(session, name, name === 'Task' ? CONVERSATION_KEY : PERSON_KEY);
    if (described.kind === 'failed') return [...findings, unreachable(described.failure)];
    if (described.object === undefined) {
      findings.push(objectMissing(name));
      continue;
    }
    findings.push(checkKeyField(name, described.object.fields));
    findings.push(...checkFields(name, described.object, options));
    if (name === 'Task') findings.push(await checkStatuses(session, described.object));
    if (name === 'Contact' && createAs === 'PersonAccount') {
      findings.push(checkPersonAccounts(await readPersonAccounts(session, described.object, createAs)));
    }
  }
  return [signedIn(), ...findings, duplicateRules(), ...options.limits.readings().map(checkQuota)];
}

async function checkStatuses(session: ApiSession, task: Parameters<typeof readStatuses>[1]): Promise<Finding> {
  const result = await readStatuses(session, task);
  if (result.kind === 'failed') {
    return {
      severity: 'error',
      code: 'task_statuses_missing',
      what: `The org's task statuses could not be read (${result.failure.code}), or none of them is open, or none is closed.`,
      fix: 'An administrator: Setup > Object Manager > Task > Fields & Relationships > Task Status: keep one value that is closed and one that is not.',
      fixable: false,
    };
  }
  const { closed, open } = result.statuses;
  return ok('task_statuses', `Conversations are logged as "${closed}", follow-up tasks as "${open.value}".`);
}

function checkPersonAccounts(result: PersonAccountsResult): Finding {
  if (result.kind === 'read' && result.accounts?.recordTypeId !== undefined) {
    return ok('person_accounts', 'Unknown callers become person accounts.');
  }
  return {
    severity: 'error',
    code: 'person_accounts_missing',
    what: 'Unknown callers are to become person accounts, but the integration user can create none.',
    fix: 'An administrator: enable person accounts, and give his profile a record type of Account for people, with Create and Edit on Account; or let unknown callers become leads.',
    fixable: false,
  };
}

function unreachable(failure: CrmFailure): Finding {
  if (failure.code === failureCode('UNSUPPORTED_API_VERSION')) {
    return {
      severity: 'error',
      code: 'api_version_unsupported',
      what: 'The org does not offer the version of the REST API that this program speaks.',
      fix: 'Update this program; a production org offers the version within one release of its announcement.',
      fixable: false,
    };
  }
  if (failure.disposition === 'reconnect') {
    return {
      severity: 'error',
      code: 'credentials_refused',
      what: `Salesforce does not accept the credentials of the integration user (${failure.code}).`,
      fix: 'An administrator: check that the integration user is active, has "API Enabled", and that the external client app is allowed for him; then connect again.',
      fixable: false,
    };
  }
  return {
    severity: 'error',
    code: 'account_not_readable',
    what: `The org could not be read (${failure.code}).`,
    fix: 'Check again in a few minutes; if it stays, look at status.salesforce.com.',
    fixable: false,
  };
}

function objectMissing(name: string): Finding {
  return {
    severity: 'error',
    code: 'object_not_accessible',
    what: `The integration user may not see the object ${name}.`,
    fix: `An administrator: give his permission set Read, Create and Edit on ${name}.`,
    fixable: false,
  };
}

function signedIn(): Finding {
  return ok('credentials', 'Salesforce accepts the credentials of the integration user.');
}

/** No API that an ordinary integration user has tells what a duplicate rule will say. */
function duplicateRules(): Finding {
  return ok(
    'duplicate_rules_unknown',
    'Duplicate rules cannot be looked at from here; what one of them refuses is shown with the conversation.',
  );
}

function checkQuota({ allowed, remaining }: QuotaReading): Finding {
  const what = `${remaining} of ${allowed} API calls of the last 24 hours are left for the whole org.`;
  if (remaining >= allowed * LOW_SHARE) return ok('daily_limit', what);
  return {
    severity: 'warning',
    code: 'daily_limit_low',
    what,
    fix: 'An administrator: Setup > Company Information shows who uses them; more can be bought.',
    fixable: false,
  };
}

function ok(code: string, what: string): Finding {
  return { severity: 'ok', code, what, fix: '', fixable: false };
}
