import type { Configuration } from '../../domain/configuration.ts';
import type { ConfigurationPath } from './configuration-problem.ts';

/** A URL that may not be used, before it has its line. */
export interface BaseUrlProblem {
  readonly path: ConfigurationPath;
  readonly problem: string;
  readonly fix: string;
}

/**
 * API keys travel with every request: TLS is required everywhere but on the machine itself (PersonaDesk's developer page:
 * unencrypted HTTP is not supported). Credentials in a URL would be a secret in plain text.
 */
export function baseUrlProblems(configuration: Configuration): readonly BaseUrlProblem[] {
  return configuration.tenants.flatMap((tenant, t) => [
    ...judge(tenant.personadesk.baseUrl, ['tenants', t, 'personadesk', 'baseUrl']),
    ...tenant.connections.flatMap((connection, c) =>
      judge(connection.baseUrl, ['tenants', t, 'connections', c, 'baseUrl']),
    ),
  ]);
}

function judge(text: string, path: ConfigurationPath): readonly BaseUrlProblem[] {
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') {
    return [{ path, problem: 'the URL carries a user or a password', fix: 'take it out; secrets are references' }];
  }
  if (url.search !== '' || url.hash !== '') {
    return [{ path, problem: 'a base URL has no query and no fragment', fix: 'end the URL with its path' }];
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return [
      { path, problem: 'unencrypted http is only allowed on this machine', fix: `write \`https://${url.host}...\`` },
    ];
  }
  return [];
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
