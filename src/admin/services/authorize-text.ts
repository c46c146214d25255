import type { AuthorizationOutcome } from '../../domain/authorization.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import type { CallbackResult } from './authorize.ts';

/** The answer in words, and what to do next. */
export interface SignInText {
  readonly answer: string;
  readonly next: string;
}

/** What came of a sign-in, for the page that the browser ends at. */
export function callbackText(result: CallbackResult): SignInText {
  switch (result.kind) {
    case 'invalid':
      return {
        answer: 'This is not an answer of a CRM.',
        next: 'Open the address that `crm-sync authorize CONNECTION` prints.',
      };
    case 'unknown':
      return {
        answer: 'This sign-in was not started here.',
        next: 'Run `crm-sync authorize CONNECTION` against the same database, and open the address it prints.',
      };
    case 'used':
      return {
        answer: 'This sign-in has been used already.',
        next: 'If the connection is not signed in yet (`crm-sync doctor` says so), run `crm-sync authorize CONNECTION` again.',
      };
    case 'expired':
      return expiredText('CONNECTION');
    case 'concluded':
      return outcomeText(result.outcome, result);
  }
}

/** A sign-in that nobody came back from in time. */
export function expiredText(connection: string): SignInText {
  return {
    answer: 'The time for this sign-in is over: an address is good for ten minutes.',
    next: `Run \`crm-sync authorize ${connection}\` again.`,
  };
}

/** How a sign-in ended, and what to do about it. */
export function outcomeText(
  outcome: AuthorizationOutcome,
  place: { readonly connectionId: ConnectionId; readonly redirectUri: string },
): SignInText {
  const { connectionId } = place;
  const again = `run \`crm-sync authorize ${connectionId}\` again`;
  switch (outcome.kind) {
    case 'signed_in':
      return {
        answer: `${connectionId} is signed in to account ${outcome.account}.`,
        next: `See that everything is there: \`crm-sync doctor ${connectionId}\`. What waited for the sign-in is delivered by itself.`,
      };
    case 'denied':
      return denied(outcome.code, again);
    case 'exchange_failed':
      return exchangeFailed(outcome.code, place, again);
    case 'elsewhere':
      return {
        answer: `The org that was signed in to is at ${outcome.baseUrl}, not at the address ${connectionId} is configured for.`,
        next: `Sign in to the configured org, or write \`baseUrl: ${outcome.baseUrl}\`, apply it, and ${again}.`,
      };
    case 'other_account':
      return {
        answer: `This is account ${outcome.account}, but ${connectionId} has worked with account ${outcome.before} so far. Nothing was changed.`,
        next: `Sign in to ${outcome.before}; or, if the account is to be replaced, run \`crm-sync authorize ${connectionId} --replace\`.`,
      };
    case 'configuration_changed':
      return {
        answer: `The configuration of ${connectionId} has changed since this address was made.`,
        next: `${capital(again)}.`,
      };
  }
}

function denied(code: string, again: string): SignInText {
  if (code === 'access_denied') {
    return {
      answer: 'The CRM was not allowed to let us in: consent was refused, or the user may not give it.',
      next: `Sign in as an admin of the CRM (in Salesforce the app must be installed and its users pre-authorised or allowed to authorise themselves), and ${again}.`,
    };
  }
  return {
    answer: `The CRM sent the browser back without letting us in (${code}).`,
    next: `An admin of the CRM checks the app: its scopes, its callback URL, who may use it; then ${again}.`,
  };
}

/** By the last part of the code, which is OAuth's own word wherever the vendor uses it. */
function exchangeFailed(code: string, { redirectUri }: { readonly redirectUri: string }, again: string): SignInText {
  const answer = `The sign-in could not be completed (${code}).`;
  const word = code.replace(/^[a-z]+\.(token_)?/, '');
  const next = NEXT[word]?.(redirectUri) ?? passingOr(word);
  return { answer, next: `${next} ${capital(again)}.` };
}

const NEXT: Readonly<Record<string, (redirectUri: string) => string>> = {
  invalid_grant: () => 'The CRM’s code was too old, or somebody has used it before.',
  BAD_AUTH_CODE: () => 'The CRM’s code was too old, or somebody has used it before.',
  redirect_uri_mismatch: (redirectUri) =>
    `Register exactly ${redirectUri} as the callback (redirect) URL of the app in the CRM.`,
  MISMATCH_REDIRECT_URI_AUTH_CODE: (redirectUri) =>
    `Register exactly ${redirectUri} as the callback (redirect) URL of the app in the CRM.`,
  invalid_client: () => 'Correct `clientId` and `clientSecret` in the configuration: the CRM does not take them.',
  invalid_client_id: () => 'Correct `clientId` in the configuration: the CRM does not know it.',
  no_refresh_token: () =>
    'The CRM gave no refresh token: allow the app the scope for it (`refresh_token`, `offline_access`).',
  secret_missing: () =>
    'A secret of the connection is not where the configuration says, for the process `crm-sync admin`: put it there.',
};

function passingOr(word: string): string {
  const isPassing =
    word === 'timeout' || /^(HTTP_(429|5\d\d)|refused|reset|dns|tls|network|unreadable_answer)$/.test(word);
  return isPassing
    ? 'The CRM’s token endpoint did not answer as it should: see that this machine reaches it.'
    : 'An admin of the CRM checks the app.';
}

function capital(sentence: string): string {
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}`;
}
