import { randomUUID } from 'node:crypto';
import { answerJson, startScriptedServer, type ReceivedRequest } from '../scripted-server.ts';

export interface TokenEndpoint extends AsyncDisposable {
  readonly url: string;
  /** The forms that were sent, in order. */
  readonly forms: readonly Readonly<Record<string, string>>[];
  readonly paths: readonly string[];
  /** How often a token was issued. */
  readonly issued: number;
  /** True for an access token that is in force. */
  accepts(accessToken: string): boolean;
  /** Answers all further requests like this, until it is called with nothing. */
  answerWith(answer?: { readonly status: number; readonly body: unknown }): void;
  /** The access tokens so far are no longer accepted. */
  revokeAccess(): void;
  close(): Promise<void>;
}

/**
 * A token endpoint with refresh token rotation, as strict as RFC 9700 asks for: each refresh token is good for one use,
 * and using one a second time ends the whole authorisation.
 */
export async function startTokenEndpoint(options: {
  readonly refreshToken: string;
  readonly expiresInSeconds?: number;
}): Promise<TokenEndpoint> {
  let current = options.refreshToken;
  const used = new Set<string>();
  const access = new Set<string>();
  const forms: Readonly<Record<string, string>>[] = [];
  const paths: string[] = [];
  let scripted: { readonly status: number; readonly body: unknown } | undefined;
  let issued = 0;
  let isRevoked = false;

  function answer(form: Readonly<Record<string, string>>): { readonly status: number; readonly body: unknown } {
    if (scripted !== undefined) return scripted;
    const token = form.refresh_token;
    if (token !== undefined) {
      if (used.has(token)) isRevoked = true;
      if (isRevoked || token !== current) {
        access.clear();
        return { status: 400, body: { error: 'invalid_grant', error_description: `unknown token ${token}` } };
      }
      used.add(token);
      current = `refresh-${randomUUID()}`;
    }
    issued += 1;
    const accessToken = `access-${randomUUID()}`;
    access.add(accessToken);
    const expires = options.expiresInSeconds === undefined ? {} : { expires_in: options.expiresInSeconds };
    const rotated = token === undefined ? {} : { refresh_token: current };
    return { status: 200, body: { access_token: accessToken, token_type: 'bearer', ...rotated, ...expires } };
  }

  const server = await startScriptedServer((request: ReceivedRequest, response) => {
    const form = Object.fromEntries(new URLSearchParams(request.body));
    forms.push(form);
    paths.push(request.path);
    const { status, body } = answer(form);
    answerJson(response, status, body);
  });

  return {
    url: server.origin,
    forms,
    paths,
    get issued() {
      return issued;
    },
    accepts: (accessToken) => access.has(accessToken),
    answerWith: (next) => {
      scripted = next;
    },
    revokeAccess: () => access.clear(),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
