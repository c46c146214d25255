import { createHash, timingSafeEqual } from 'node:crypto';
import { isSignedBy, readAssertion } from './jwt-assertion.ts';
import type { ConnectedApp, SalesforceSandboxOptions } from './options.ts';
import type { TokenRegister } from './token-register.ts';

export interface TokenAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, string>>;
}

export interface TokenDependencies {
  readonly options: SalesforceSandboxOptions;
  readonly tokens: TokenRegister;
  /** Where the sandbox is: the `instance_url` of every token. */
  readonly instanceUrl: string;
}

/** Seconds an assertion may be valid at most (JWT bearer flow guide). */
const longestAssertion = 300;
const loginHosts = ['https://login.salesforce.com', 'https://test.salesforce.com'];

/** `POST /services/oauth2/token`: a code, client credentials, JWT bearer, refresh token; errors as OAuth names them. */
export function answerTokenRequest(form: URLSearchParams, dependencies: TokenDependencies): TokenAnswer {
  switch (form.get('grant_type')) {
    case 'authorization_code':
      return authorizationCode(form, dependencies);
    case 'client_credentials':
      return clientCredentials(form, dependencies);
    case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
      return jwtBearer(form.get('assertion') ?? '', dependencies);
    case 'refresh_token':
      return refreshToken(form, dependencies);
    case null:
    default:
      return refuse('unsupported_grant_type', 'grant type not supported');
  }
}

/** The web server flow: the code is used up by the first who presents it, and only its own client and verifier get tokens. */
function authorizationCode(form: URLSearchParams, dependencies: TokenDependencies): TokenAnswer {
  const { options, tokens } = dependencies;
  const app = authenticatedApp(form, options);
  if (app === null) return refuse('invalid_client', 'invalid client credentials');
  const used = tokens.codes.use(form.get('code') ?? '', app.clientId, form.get('code_verifier') ?? '');
  if (!used.ok) return refuse('invalid_grant', used.why);
  const { userId, redirectUri, lasting } = used.consent;
  if (form.get('redirect_uri') !== redirectUri) {
    return refuse('redirect_uri_mismatch', 'redirect_uri must match configuration');
  }
  if (!lasting) return grant(userId, dependencies);
  const { token, family } = tokens.found(app.clientId, userId);
  const granted = grant(userId, dependencies, family);
  return granted.status === 200 ? { status: 200, body: { ...granted.body, refresh_token: token } } : granted;
}

function clientCredentials(form: URLSearchParams, dependencies: TokenDependencies): TokenAnswer {
  const app = authenticatedApp(form, dependencies.options);
  if (app === null) return refuse('invalid_client', 'invalid client credentials');
  if (app.runAs === undefined) return refuse('invalid_grant', 'no client credentials user enabled');
  return grant(app.runAs, dependencies);
}

function jwtBearer(assertion: string, dependencies: TokenDependencies): TokenAnswer {
  const { options, instanceUrl } = dependencies;
  const claims = readAssertion(assertion);
  if (claims === null) return refuse('invalid_grant', 'invalid assertion');
  const app = options.connectedApps.find((each) => each.clientId === claims.issuer);
  if (app?.certificate === undefined) return refuse('invalid_client', 'invalid client credentials');
  if (!isSignedBy(assertion, app.certificate)) return refuse('invalid_grant', 'invalid assertion signature');
  if (![...loginHosts, instanceUrl].includes(claims.audience)) return refuse('invalid_grant', 'audience is invalid');
  const secondsLeft = claims.expires - options.now() / 1_000;
  if (secondsLeft <= 0 || secondsLeft > longestAssertion) return refuse('invalid_grant', 'expired authorization code');
  const user = options.users.find((each) => each.username === claims.subject);
  if (user === undefined) return refuse('invalid_grant', "user hasn't approved this consumer");
  return grant(user.id, dependencies);
}

function refreshToken(form: URLSearchParams, dependencies: TokenDependencies): TokenAnswer {
  const { options, tokens } = dependencies;
  const app = authenticatedApp(form, options);
  if (app === null) return refuse('invalid_client', 'invalid client credentials');
  const used = tokens.refresh(app.clientId, form.get('refresh_token') ?? '');
  if (used.kind === 'refused') return refuse('invalid_grant', 'expired access/refresh token');
  const { userId, family } = used;
  const granted = grant(userId, dependencies, family);
  if (granted.status !== 200 || !options.refreshTokenRotation) return granted;
  return { status: 200, body: { ...granted.body, refresh_token: tokens.rotate(app.clientId, userId, family) } };
}

function grant(userId: string, { options, tokens, instanceUrl }: TokenDependencies, family?: string): TokenAnswer {
  const user = options.users.find((each) => each.id === userId);
  if (user?.isActive !== true) return refuse('inactive_user', 'user is inactive');
  const id = `${instanceUrl}/id/${options.organizationId}/${userId}`;
  const issuedAt = String(options.now());
  const signature = createHash('sha256').update(id).update(issuedAt).digest('base64');
  return {
    status: 200,
    body: {
      access_token: tokens.issue(userId, family),
      scope: 'api refresh_token',
      instance_url: instanceUrl,
      id,
      token_type: 'Bearer',
      issued_at: issuedAt,
      signature,
    },
  };
}

/** The app that names itself and knows its secret, if it has one. */
function authenticatedApp(form: URLSearchParams, options: SalesforceSandboxOptions): ConnectedApp | null {
  const app = options.connectedApps.find((each) => each.clientId === form.get('client_id'));
  if (app === undefined) return null;
  return app.clientSecret === undefined || same(app.clientSecret, form.get('client_secret') ?? '') ? app : null;
}

function same(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}

function refuse(error: string, description: string): TokenAnswer {
  return { status: error === 'invalid_client' ? 401 : 400, body: { error, error_description: description } };
}
