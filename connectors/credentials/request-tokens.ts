import { z } from 'zod';
import type { TokenAnswer, TokenFailure } from '../../src/domain/tokens.ts';
import type { HttpAnswer, HttpTransport } from '../transport/http-transport.ts';
import type { PinnedBase } from '../transport/origin.ts';
import { parseJson } from '../transport/parse-json.ts';

/** A request to a token endpoint (RFC 6749). */
export interface TokenRequest {
  readonly transport: HttpTransport;
  readonly base: PinnedBase;
  /** Below the base; starts with a slash. */
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
  /** First part of failure codes: `hubspot`, `salesforce`. */
  readonly vendor: string;
  /** True where `invalid_grant` says that a refresh token is void for good. */
  readonly invalidGrantIsFinal: boolean;
  readonly now: () => Date;
}

/** Other processes wait on a database lock meanwhile; their statements time out after 10 s. */
const DEADLINE_MS = 7_000;

const issuedSchema = z.object({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).optional(),
  /** Seconds. Salesforce sends none: the lifetime is the org's session policy. */
  expires_in: z.number().positive().optional(),
  /** HubSpot's OAuth guide: the account (portal) that the tokens open. */
  hub_id: z.number().int().optional(),
  /** Salesforce's OAuth guide: the identity URL, which ends with the organisation's and the user's id. */
  id: z.string().optional(),
  /** Salesforce's OAuth guide: where the org's API is. */
  instance_url: z.string().optional(),
});

/**
 * Error codes of RFC 6749 are words; anything else is not repeated, for it may be anything. HubSpot's older answers name
 * a `status` (`BAD_AUTH_CODE`) and no error: assumed to be possible on its dated endpoint as well.
 */
const refusedSchema = z.union([
  z.object({ error: z.string().regex(/^[A-Za-z_]{1,64}$/) }),
  z.object({ status: z.string().regex(/^[A-Z_]{1,64}$/) }).transform(({ status }) => ({ error: status })),
]);

/** What a token endpoint answered, with where the tokens are good, so far as it says. */
export type GrantAnswer =
  (Extract<TokenAnswer, { kind: 'issued' }> & { readonly instanceUrl: string | undefined }) | TokenFailure;

/** Asks a token endpoint once. What came of it is a value; no word of the vendor's is kept but its error code. */
export async function requestTokens(request: TokenRequest): Promise<GrantAnswer> {
  const answer = await request.transport.send({
    origin: request.base.origin,
    method: 'POST',
    path: `${request.base.prefix}${request.path}`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams(request.form).toString(),
    signal: AbortSignal.timeout(DEADLINE_MS),
    endpoint: 'token',
  });
  if (answer.kind === 'no_answer') return passing(answer.code === 'timeout' ? 'timeout' : `network.${answer.code}`);
  return answer.status >= 200 && answer.status < 300 ? readIssued(request, answer) : readRefusal(request, answer);
}

type Answered = Extract<HttpAnswer, { kind: 'answer' }>;

function readIssued({ vendor, now }: TokenRequest, { body }: Answered): GrantAnswer {
  const parsed = issuedSchema.safeParse(parseJson(body));
  if (!parsed.success) return passing(`${vendor}.token_unreadable_answer`);
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = parsed.data;
  const { hub_id: portal, id: identity, instance_url: instanceUrl } = parsed.data;
  const expiresAt = seconds === undefined ? undefined : new Date(now().getTime() + seconds * 1000);
  const account = portal === undefined ? organisationOf(identity) : String(portal);
  return { kind: 'issued', accessToken, refreshToken, expiresAt, account, instanceUrl };
}

function organisationOf(identityUrl: string | undefined): string | undefined {
  return /\/id\/(00D[A-Za-z0-9]{12,15})\/[A-Za-z0-9]{15,18}$/.exec(identityUrl ?? '')?.[1];
}

/** RFC 6749 and OpenID name these for troubles of the server's own. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  'temporarily_unavailable',
  'server_error',
  'slow_down',
  'rate_limit_exceeded',
]);
/** The refresh token or the code is void; the second one is HubSpot's word. */
const VOID_GRANT: ReadonlySet<string> = new Set(['invalid_grant', 'BAD_REFRESH_TOKEN']);
/** The address itself is wrong, which no waiting mends. */
const WRONG_ADDRESS: ReadonlySet<number> = new Set([404, 405, 410]);

function readRefusal({ vendor, invalidGrantIsFinal }: TokenRequest, { status, body }: Answered): TokenFailure {
  const parsed = refusedSchema.safeParse(parseJson(body));
  const error = parsed.success ? parsed.data.error : undefined;
  const code = `${vendor}.token_${error ?? `HTTP_${status}`}`;
  if (status === 429 || status >= 500 || (error !== undefined && PASSING_ERRORS.has(error))) return passing(code);
  if (error !== undefined && VOID_GRANT.has(error) && invalidGrantIsFinal) return { kind: 'revoked', code };
  if (error !== undefined || WRONG_ADDRESS.has(status)) return { kind: 'refused', code };
  // No token endpoint speaks like this: an intermediary answered in its place.
  return passing(code);
}

function passing(code: string): TokenFailure {
  return { kind: 'passing', code };
}
