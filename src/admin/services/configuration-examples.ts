/** What is right at each place of the configuration file, as a fix says it. */
const EXAMPLES: Readonly<Record<string, string>> = {
  '': 'start the file with `version: 1` and `tenants:`; `crm-sync export` prints a complete one',
  version: '`version: 1`',
  tenants: '`tenants:` with one `- id: ...` block per PersonaDesk tenant',
  'tenants[]': 'a block that starts with `- id: ten_acme`',
  'tenants[].id': '`id: ten_acme`, the PersonaDesk tenant id: letters, digits and . _ : @ - only, at most 128',
  'tenants[].name': '`name: Acme Dental`, 1 to 200 characters',
  'tenants[].timezone': '`timezone: America/New_York`, an IANA time zone',
  'tenants[].defaultCountry': '`defaultCountry: US`, two capital letters of ISO 3166',
  'tenants[].personadesk': '`personadesk: { apiKey: { env: PERSONADESK_API_KEY } }`',
  'tenants[].personadesk.baseUrl': '`baseUrl: https://api.personadesk.ai/v1`',
  'tenants[].personadesk.apiKey': '`apiKey: { env: PERSONADESK_API_KEY }` or `{ file: PATH }`',
  'tenants[].webhook':
    '`webhook: { verification: { scheme: standard-webhooks, secrets: [{ env: PERSONADESK_WEBHOOK_SECRET }] } }`',
  'tenants[].webhook.endpointId':
    'a text of letters, digits and . _ : @ - in quotes, or leave it out and one is drawn at random',
  'tenants[].webhook.verification':
    '`verification: { scheme: standard-webhooks, secrets: [{ env: PERSONADESK_WEBHOOK_SECRET }] }`',
  'tenants[].webhook.verification.scheme': '`scheme: standard-webhooks`, `scheme: hmac-header` or `scheme: bearer`',
  'tenants[].webhook.verification.secrets':
    '`secrets: [{ env: PERSONADESK_WEBHOOK_SECRET }]`, one to five, the newest first while you rotate',
  'tenants[].webhook.verification.secrets[]': '`{ env: PERSONADESK_WEBHOOK_SECRET }` or `{ file: PATH }`',
  'tenants[].webhook.verification.toleranceSeconds': '`toleranceSeconds: 300`, a whole number from 30 to 3600',
  'tenants[].webhook.verification.header': '`header: X-PersonaDesk-Signature`, letters, digits and - only',
  'tenants[].webhook.verification.algorithm': '`algorithm: sha256` or `algorithm: sha512`',
  'tenants[].webhook.verification.encoding': '`encoding: hex` or `encoding: base64`',
  'tenants[].connections': '`connections:` with one `- id: ...` block per CRM account, at most 50',
  'tenants[].connections[]': 'a block that starts with `- id: acme-hubspot`',
  'tenants[].connections[].id': '`id: acme-hubspot`, your name for it: letters, digits and . _ : @ - only, at most 64',
  'tenants[].connections[].crm': '`crm: hubspot`, `crm: salesforce` or `crm: csv-log`',
  'tenants[].connections[].content': '`content: { recording: link, summary: true, transcript: false }`',
  'tenants[].connections[].content.recording': '`recording: link` or `recording: none`',
  'tenants[].connections[].content.summary': '`summary: true` or `summary: false`',
  'tenants[].connections[].content.transcript': '`transcript: true` or `transcript: false`',
  'tenants[].connections[].matching': '`matching: { phoneFields: [], ambiguous: review }`',
  'tenants[].connections[].matching.phoneFields':
    '`phoneFields: [other_phone]`, at most ten names of CRM fields that hold numbers',
  'tenants[].connections[].matching.phoneFields[]': 'the internal name of a CRM field, such as `other_phone`',
  'tenants[].connections[].matching.ambiguous': '`ambiguous: review` or `ambiguous: most_recently_modified`',
  'tenants[].connections[].unknownCaller': '`unknownCaller: { action: create }`',
  'tenants[].connections[].unknownCaller.action': '`action: create` or `action: skip`',
};

/** What is right at the places of a connection that depend on its CRM. */
const BY_CRM: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hubspot: {
    baseUrl: '`baseUrl: https://api.hubapi.com`',
    apiVersion: "`apiVersion: '2026-03'` or `apiVersion: '2026-09'`",
    credentials:
      '`credentials: { accessToken: { env: HUBSPOT_TOKEN } }` or `credentials: { oauth: { clientId: ..., clientSecret: { env: NAME }, refreshToken: { env: NAME } } }`',
    'credentials.accessToken': '`accessToken: { env: HUBSPOT_TOKEN }` or `{ file: PATH }`',
    'credentials.oauth':
      '`oauth: { clientId: ..., clientSecret: { env: HUBSPOT_CLIENT_SECRET }, refreshToken: { env: HUBSPOT_REFRESH_TOKEN } }`',
    'credentials.oauth.clientId': '`clientId: ...`, as the page of your HubSpot app shows it; it is no secret',
    'credentials.oauth.clientSecret': '`clientSecret: { env: HUBSPOT_CLIENT_SECRET }` or `{ file: PATH }`',
    'credentials.oauth.refreshToken': '`refreshToken: { env: HUBSPOT_REFRESH_TOKEN }` or `{ file: PATH }`',
  },
  salesforce: {
    baseUrl: '`baseUrl: https://acme.my.salesforce.com`, the My Domain of the org',
    objectOrder: '`objectOrder: [Contact, Lead]`, where people are looked for, first match wins',
    'objectOrder[]': '`Contact` or `Lead`',
    createAs: '`createAs: Lead` or `createAs: Contact`',
    credentials:
      '`credentials: { clientCredentials: { clientId: ..., clientSecret: { env: SALESFORCE_CLIENT_SECRET } } }`; `jwt`, `oauth` and `accessToken` are the other ways',
    'credentials.accessToken': '`accessToken: { env: SALESFORCE_TOKEN }` or `{ file: PATH }`',
    'credentials.clientCredentials':
      '`clientCredentials: { clientId: ..., clientSecret: { env: SALESFORCE_CLIENT_SECRET } }`',
    'credentials.clientCredentials.clientId': '`clientId: ...`, the consumer key of the external client app',
    'credentials.clientCredentials.clientSecret':
      '`clientSecret: { env: SALESFORCE_CLIENT_SECRET }` or `{ file: PATH }`, the consumer secret of the external client app',
    'credentials.jwt':
      '`jwt: { clientId: ..., username: sync@acme.example, privateKey: { file: /run/secrets/salesforce.pem } }`',
    'credentials.jwt.clientId': '`clientId: ...`, the consumer key of the external client app',
    'credentials.jwt.username': '`username: sync@acme.example`, the user as whom records are written',
    'credentials.jwt.privateKey': '`privateKey: { file: /run/secrets/salesforce.pem }` or `{ env: NAME }`',
    'credentials.jwt.loginUrl': '`loginUrl: https://login.salesforce.com`, or `https://test.salesforce.com`',
    'credentials.oauth':
      '`oauth: { clientId: ..., clientSecret: { env: SALESFORCE_CLIENT_SECRET }, refreshToken: { env: SALESFORCE_REFRESH_TOKEN } }`',
    'credentials.oauth.clientId': '`clientId: ...`, the consumer key of the external client app',
    'credentials.oauth.clientSecret': '`clientSecret: { env: SALESFORCE_CLIENT_SECRET }` or `{ file: PATH }`',
    'credentials.oauth.refreshToken': '`refreshToken: { env: SALESFORCE_REFRESH_TOKEN }` or `{ file: PATH }`',
  },
  'csv-log': {
    folder: '`folder: /var/lib/crm-sync/acme`, an absolute path that the worker may write to',
  },
};

const CONNECTION = 'tenants[].connections[].';

/**
 * What is right at a place, named by its pattern (`tenants[].name`); undefined for a place that has no entry.
 *
 * @param crm of the connection that the place is in, as the file has it; HubSpot when it is none that we know.
 */
export function exampleAt(pattern: string, crm: string | undefined): string | undefined {
  const plain = EXAMPLES[pattern];
  if (plain !== undefined || !pattern.startsWith(CONNECTION)) return plain;
  return (BY_CRM[crm ?? ''] ?? BY_CRM.hubspot)?.[pattern.slice(CONNECTION.length)];
}
