import { randomBytes } from 'node:crypto';
import type { AuthorizationOutcome, PendingAuthorization, SignIn } from '../../domain/authorization.ts';
import type { Connection } from '../../domain/connection.ts';
import type { CrmKind } from '../../domain/crm.ts';
import type { ConnectionId } from '../../domain/ids.ts';
import type { TokenStore } from '../../domain/tokens.ts';
import type { AuthorizationRepository } from '../../store/authorization-repository.ts';
import type { ConnectionRepository } from '../../store/connection-repository.ts';
import { SecretMissingError } from '../../store/secret-repository.ts';

/** Where a sign-in ends, below the admin's address; registered with the app at the vendor. */
export const CALLBACK_PATH = '/oauth/callback';

export interface AuthorizeDependencies {
  readonly connections: Pick<ConnectionRepository, 'get' | 'mend'>;
  readonly authorizations: Pick<AuthorizationRepository, 'begin' | 'take' | 'conclude'>;
  readonly tokens: Pick<TokenStore, 'signIn'>;
  /** Undefined for a connection whose configuration lets it in another way. */
  readonly signInFor: (connection: Connection) => Promise<SignIn | undefined>;
  readonly now: () => Date;
}

export interface AuthorizeRequest {
  readonly connectionId: ConnectionId;
  /** Take another account than the connection has worked with so far. */
  readonly replace: boolean;
  /** Where the vendor sends the person back to; registered with the app, letter by letter. */
  readonly redirectUri: string;
}

export type BegunSignIn =
  | { readonly kind: 'unknown_connection' }
  | { readonly kind: 'no_sign_in'; readonly crm: CrmKind }
  | {
      readonly kind: 'begun';
      readonly authorizationId: string;
      readonly crm: CrmKind;
      /** The address that the person opens; good for one use until `expiresAt`. */
      readonly url: string;
      readonly expiresAt: Date;
    };

/** How long a person has to sign in. */
const VALID_MS = 10 * 60_000;
/** RFC 7636 asks for 43 to 128 characters: these bytes make 43. */
const RANDOM_BYTES = 32;

/** Makes the address at which a person lets a connection in, and remembers what it is bound to. */
export async function beginAuthorization(
  { connectionId, replace, redirectUri }: AuthorizeRequest,
  { connections, authorizations, signInFor, now }: Omit<AuthorizeDependencies, 'tokens'>,
): Promise<BegunSignIn> {
  const connection = await connections.get(connectionId);
  if (connection === undefined) return { kind: 'unknown_connection' };
  const { crm } = connection.configuration;
  const signIn = await signInFor(connection);
  if (signIn === undefined) return { kind: 'no_sign_in', crm };
  const state = randomText();
  const verifier = randomText();
  const at = now();
  const expiresAt = new Date(at.getTime() + VALID_MS);
  const authorizationId = await authorizations.begin({
    tenantId: connection.tenantId,
    connectionId,
    lineage: signIn.lineage,
    state,
    verifier,
    redirectUri,
    replace,
    now: at,
    expiresAt,
  });
  const url = signIn.authorizeUrl({ state, verifier, redirectUri });
  return { kind: 'begun', authorizationId, crm, url, expiresAt };
}

/** What came back with the browser (RFC 6749, sections 4.1.2 and 4.1.2.1). */
export interface CallbackParameters {
  readonly state: string | undefined;
  readonly code: string | undefined;
  readonly error: string | undefined;
}

export type CallbackResult =
  /** Not what a vendor sends, or a state that we did not make, that was used already, or that came too late. */
  | { readonly kind: 'invalid' | 'unknown' | 'used' | 'expired' }
  | {
      readonly kind: 'concluded';
      readonly connectionId: ConnectionId;
      readonly redirectUri: string;
      readonly outcome: AuthorizationOutcome;
    };

/** Takes the person back in: exchanges the code, keeps the tokens, and lets a connection that broke for them go on. */
export async function finishAuthorization(
  { state, code, error }: CallbackParameters,
  dependencies: AuthorizeDependencies,
): Promise<CallbackResult> {
  if (state === undefined || (code === undefined && error === undefined)) return { kind: 'invalid' };
  const taken = await dependencies.authorizations.take(state, dependencies.now());
  if (taken.kind !== 'taken') return { kind: taken.kind };
  const { pending } = taken;
  const outcome =
    code === undefined || error !== undefined
      ? ({ kind: 'denied', code: errorWord(error) } as const)
      : await exchange(code, pending, dependencies);
  await dependencies.authorizations.conclude(pending.id, outcome);
  const { connectionId, redirectUri } = pending;
  return { kind: 'concluded', connectionId, redirectUri, outcome };
}

async function exchange(
  code: string,
  pending: PendingAuthorization,
  dependencies: AuthorizeDependencies,
): Promise<AuthorizationOutcome> {
  try {
    const connection = await dependencies.connections.get(pending.connectionId);
    const signIn = connection === undefined ? undefined : await dependencies.signInFor(connection);
    if (signIn?.lineage !== pending.lineage) return { kind: 'configuration_changed' };
    return await keep(await signIn.exchange(code, pending), signIn, pending, dependencies);
  } catch (error) {
    // The page says so, and the log of who started the process says which one.
    if (error instanceof SecretMissingError) return { kind: 'exchange_failed', code: 'secret_missing' };
    throw error;
  }
}

async function keep(
  answer: Awaited<ReturnType<SignIn['exchange']>>,
  { lineage, supersedes }: SignIn,
  { tenantId, connectionId, replace }: PendingAuthorization,
  { tokens, connections }: AuthorizeDependencies,
): Promise<AuthorizationOutcome> {
  switch (answer.kind) {
    case 'failed':
      return { kind: 'exchange_failed', code: answer.failure.code };
    case 'elsewhere':
      return { kind: 'elsewhere', baseUrl: answer.baseUrl };
    case 'signed_in': {
      const { account } = answer.tokens;
      const kept = await tokens.signIn({ tenantId, connectionId, lineage }, answer.tokens, { supersedes, replace });
      if (kept.kind === 'other_account') return { kind: 'other_account', account, before: kept.account };
      await connections.mend(connectionId);
      return { kind: 'signed_in', account };
    }
  }
}

/** Error codes of OAuth are words; anything else came from whoever wrote the address, and is not repeated. */
function errorWord(error: string | undefined): string {
  return error !== undefined && /^[A-Za-z_]{1,64}$/.test(error) ? error : 'unknown_error';
}

function randomText(): string {
  return randomBytes(RANDOM_BYTES).toString('base64url');
}
