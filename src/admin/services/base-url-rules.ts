import type { Configuration, ConnectionConfiguration } from '../../domain/configuration.ts';
import type { ConfigurationPath } from './configuration-problem.ts';

/** A URL that may not be used, before it has its line. */
export interface BaseUrlProblem {
  readonly path: ConfigurationPath;
  readonly problem: string;
  readonly fix: string;
}

/** Which hosts a CRM may have: in production only the vendor's own, so that no token goes anywhere else. */
export type AllowedHosts = 'any' | 'vendors';

/**
 * API keys travel with every request: TLS is required everywhere but on the machine itself (PersonaDesk's developer page:
 * unencrypted HTTP is not supported). Credentials in a URL would be a secret in plain text.
 */
export function baseUrlProblems(configuration: Configuration, hosts: AllowedHosts): readonly BaseUrlProblem[] {
  return configuration.tenants.flatMap((tenant, t) => [
    ...judge(tenant.personadesk.baseUrl, ['tenants', t, 'personadesk', 'baseUrl']),
    ...tenant.connections.flatMap((connection, c) => {
      const path = ['tenants', t, 'connections', c];
      return vendorUrls(connection).flatMap(({ url, at, vendor }) => {
        const problems = judge(url, [...path, ...at]);
        return problems.length > 0 || hosts === 'any' ? problems : judgeHost(url, [...path, ...at], vendor);
      });
    }),
  ]);
}

interface Vendor {
  readonly hosts: RegExp;
  readonly fix: string;
}

/** HubSpot's API has these hosts, those of its data centres included (`api-eu1.hubapi.com`). */
const HUBSPOT: Vendor = {
  hosts: /^([a-z0-9-]+\.hubapi\.com|api\.hubspot\.com)$/,
  fix: 'write `baseUrl: https://api.hubapi.com`, or leave it out',
};

/** Salesforce's My Domain guide: `acme.my.salesforce.com`; sandboxes and scratch orgs have one label more. */
const SALESFORCE_ORG: Vendor = {
  hosts: /^[a-z0-9-]+(\.[a-z0-9-]+)?\.my\.salesforce\.com$/,
  fix: 'write the My Domain of the org, such as `baseUrl: https://acme.my.salesforce.com`',
};

const SALESFORCE_LOGIN: Vendor = {
  hosts: /^((login|test)\.salesforce\.com|[a-z0-9-]+(\.[a-z0-9-]+)?\.my\.salesforce\.com)$/,
  fix: 'write `loginUrl: https://login.salesforce.com`, or `https://test.salesforce.com` for a sandbox',
};

interface VendorUrl {
  readonly url: string;
  /** Below the connection. */
  readonly at: ConfigurationPath;
  readonly vendor: Vendor;
}

function vendorUrls(connection: ConnectionConfiguration): readonly VendorUrl[] {
  switch (connection.crm) {
    case 'hubspot':
      return [{ url: connection.baseUrl, at: ['baseUrl'], vendor: HUBSPOT }];
    case 'salesforce': {
      const { baseUrl, credentials } = connection;
      const login = 'jwt' in credentials ? credentials.jwt.loginUrl : undefined;
      return [
        { url: baseUrl, at: ['baseUrl'], vendor: SALESFORCE_ORG },
        ...(login === undefined
          ? []
          : [{ url: login, at: ['credentials', 'jwt', 'loginUrl'], vendor: SALESFORCE_LOGIN }]),
      ];
    }
    case 'csv-log':
      return [];
  }
}

function judgeHost(text: string, path: ConfigurationPath, { hosts, fix }: Vendor): readonly BaseUrlProblem[] {
  const { protocol, hostname, port } = new URL(text);
  if (protocol === 'https:' && port === '' && hosts.test(hostname)) return [];
  return [{ path, problem: 'in production only hosts of the vendor are allowed here', fix }];
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
