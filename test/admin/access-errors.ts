import { changed } from './configuration-file.ts';
import { CONNECTION, error, type UserError } from './user-errors.ts';

const CREDENTIALS = `${CONNECTION}.credentials`;

/** The file with other credentials for HubSpot. */
function signingIn(credentials: string): string {
  return changed('{ accessToken: { env: HUBSPOT_TOKEN } }', credentials);
}

/** The file with another CRM: its lines 18 to 20. */
function reaching(crm: string, baseUrl: string, credentials: string): string {
  const file = changed('crm: hubspot', `crm: ${crm}`, signingIn(credentials));
  return changed('        baseUrl: https://api.hubapi.com\n', baseUrl, file);
}

const MY_DOMAIN = '        baseUrl: https://acme.my.salesforce.com\n';

/** Every mistake of its own kind in how a CRM is reached. */
export const ACCESS_ERRORS: readonly UserError[] = [
  error('no CRM', changed('        crm: hubspot\n', ''), `${CONNECTION}.crm`, 17, /`crm` is missing/, /crm: hubspot/),
  error('credentials in one word', signingIn('geheim99'), CREDENTIALS, 20, /block of keys belongs/, /accessToken/),
  error('empty credentials', signingIn(''), CREDENTIALS, 20, /block of keys belongs here/, /accessToken/),
  error(
    'a mistyped kind of credentials',
    signingIn('{ acessToken: { env: HUBSPOT_TOKEN } }'),
    `${CREDENTIALS}.acessToken`,
    20,
    /not known/,
    /mean `accessToken`/,
  ),
  error(
    'two ways to sign in',
    signingIn(
      '{ accessToken: { env: A }, oauth: { clientId: a, clientSecret: { env: B }, refreshToken: { env: C } } }',
    ),
    `${CREDENTIALS}.oauth`,
    20,
    /beside what else stands/,
    /remove it, or what it does not go with/,
  ),
  error(
    'OAuth without a client secret',
    signingIn('{ oauth: { clientId: a, refreshToken: { env: B } } }'),
    `${CREDENTIALS}.oauth.clientSecret`,
    20,
    /`clientSecret` is missing/,
    /env: HUBSPOT_CLIENT_SECRET/,
  ),
  error(
    'an OAuth secret in plain text',
    signingIn('{ oauth: { clientId: a, clientSecret: geheim99-plain, refreshToken: { env: C } } }'),
    `${CREDENTIALS}.oauth.clientSecret`,
    20,
    /reference to a secret/,
    /env: HUBSPOT_CLIENT_SECRET.*never stands/,
  ),
  error(
    'an OAuth secret in place of its name',
    signingIn('{ oauth: { clientId: a, clientSecret: { env: pat-geheim99geheim99geh }, refreshToken: { env: C } } }'),
    `${CREDENTIALS}.oauth.clientSecret.env`,
    20,
    /not allowed/,
    /env: HUBSPOT_CLIENT_SECRET/,
  ),
  error(
    'an API version that is not there',
    changed('crm: hubspot', "crm: hubspot\n        apiVersion: '2025-01'"),
    `${CONNECTION}.apiVersion`,
    19,
    /only 2026-03, 2026-09/,
    /apiVersion: '2026-09'/,
  ),
  error(
    'Salesforce without the address of the org',
    reaching('salesforce', '', '{ accessToken: { env: A } }'),
    `${CONNECTION}.baseUrl`,
    17,
    /`baseUrl` is missing/,
    /acme\.my\.salesforce\.com/,
  ),
  error(
    'Salesforce without credentials of any kind',
    reaching('salesforce', MY_DOMAIN, '{}'),
    `${CREDENTIALS}.accessToken`,
    20,
    /is missing/,
    /SALESFORCE_TOKEN/,
  ),
  error(
    'client credentials without the secret',
    reaching('salesforce', MY_DOMAIN, '{ clientCredentials: { clientId: a } }'),
    `${CREDENTIALS}.clientCredentials.clientSecret`,
    20,
    /`clientSecret` is missing/,
    /SALESFORCE_CLIENT_SECRET/,
  ),
  error(
    'a private key in plain text',
    reaching('salesforce', MY_DOMAIN, '{ jwt: { clientId: a, username: b, privateKey: "-----BEGIN geheim99" } }'),
    `${CREDENTIALS}.jwt.privateKey`,
    20,
    /reference to a secret/,
    /file: .*pem.*never stands/,
  ),
  error(
    'a kind of person that Salesforce does not have',
    reaching('salesforce', `${MY_DOMAIN}        objectOrder: [Person]\n`, '{ accessToken: { env: A } }'),
    `${CONNECTION}.objectOrder[0]`,
    20,
    /only Contact, Lead/,
    /`Contact` or `Lead`/,
  ),
  error(
    'a log without a folder',
    changed(
      '        credentials: { accessToken: { env: HUBSPOT_TOKEN } }\n',
      '',
      reaching('csv-log', '', '{ accessToken: { env: HUBSPOT_TOKEN } }'),
    ),
    `${CONNECTION}.folder`,
    17,
    /`folder` is missing/,
    /absolute path/,
  ),
  error(
    'a log in a folder that depends on where it is started',
    changed('crm: hubspot', 'crm: csv-log\n        folder: data/log'),
    `${CONNECTION}.folder`,
    19,
    /not allowed/,
    /folder: \/var\/lib/,
  ),
  error(
    'credentials for a log',
    changed('crm: hubspot', 'crm: csv-log\n        folder: /var/log/crm'),
    `${CONNECTION}.credentials`,
    21,
    /beside what else stands/,
    /remove it/,
  ),
];
