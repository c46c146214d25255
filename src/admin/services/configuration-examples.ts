import { BUSINESS_HOURS_EXAMPLES, conditionExample, POLICY_EXAMPLES } from './policy-examples.ts';

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
  ...BUSINESS_HOURS_EXAMPLES,
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
  'tenants[].connections[].matching': '`matching: { phoneFields: [], ambiguous: review }`',
  'tenants[].connections[].matching.phoneFields':
    '`phoneFields: [other_phone]`, at most ten names of CRM fields that hold numbers',
  'tenants[].connections[].matching.phoneFields[]': 'the internal name of a CRM field, such as `other_phone`',
  'tenants[].connections[].matching.ambiguous': '`ambiguous: review` or `ambiguous: most_recently_modified`',
  ...POLICY_EXAMPLES,
};

const SEVERAL = '`several: latest` or `several: none`';

const RULES_IN_ORDER = '`agent`, `record_owner` and `fallback`, in the order in which they are tried';
const OWNER_RULES: Readonly<Record<string, string>> = {
  'owners.activity': `\`activity: [agent]\`, any of ${RULES_IN_ORDER}`,
  'owners.activity[]': '`agent`, `record_owner` or `fallback`',
  'owners.task': `\`task: [agent, record_owner, fallback]\`, any of ${RULES_IN_ORDER}`,
  'owners.task[]': '`agent`, `record_owner` or `fallback`',
};

/** What is right at the places of a connection that depend on its CRM. */
const BY_CRM: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  hubspot: {
    associations: '`associations: { with: [deal, ticket, company], several: latest }`',
    'associations.with': '`with: [deal, ticket, company]`, those of the three that a conversation is put on',
    'associations.with[]': '`deal`, `ticket` or `company`',
    'associations.several': SEVERAL,
    owners: '`owners: { agents: { ag_12: dana@acme.example }, fallback: front.desk@acme.example }`',
    'owners.agents':
      '`agents: { ag_12: dana@acme.example }`, the e-mail address of a HubSpot user per PersonaDesk agent',
    'owners.agents.*': '`ag_12: dana@acme.example`, the e-mail address of a HubSpot user',
    'owners.fallback': '`fallback: front.desk@acme.example`, the e-mail address of a HubSpot user',
    ...OWNER_RULES,
    baseUrl: '`baseUrl: https://api.hubapi.com`',
    apiVersion: "`apiVersion: '2026-03'` or `apiVersion: '2026-09'`",
    credentials:
      '`credentials: { accessToken: { env: HUBSPOT_TOKEN } }` or `credentials: { oauth: { clientId: ..., clientSecret: { env: NAME }, refreshToken: { env: NAME } } }`',
    'credentials.accessToken': '`accessToken: { env: HUBSPOT_TOKEN }` or `{ file: PATH }`',
    'credentials.oauth':
      '`oauth: { clientId: ..., clientSecret: { env: HUBSPOT_CLIENT_SECRET }, refreshToken: { env: HUBSPOT_REFRESH_TOKEN } }`',
    'credentials.oauth.clientId': '`clientId: ...`, as the page of your HubSpot app shows it; it is no secret',
    'credentials.oauth.clientSecret': '`clientSecret: { env: HUBSPOT_CLIENT_SECRET }` or `{ file: PATH }`',
    'credentials.oauth.refreshToken':
      '`refreshToken: { env: HUBSPOT_REFRESH_TOKEN }` or `{ file: PATH }`; leave it out and sign in with `crm-sync authorize`',
  },
  salesforce: {
    associations: '`associations: { with: [opportunity, case, account], several: latest }`',
    'associations.with':
      '`with: [opportunity, case, account]`, in the order of preference: a task has room for one of them',
    'associations.with[]': '`opportunity`, `case` or `account`',
    'associations.several': SEVERAL,
    owners: '`owners: { agents: { ag_12: dana@acme.example }, fallback: { queue: Front Desk } }`',
    'owners.agents':
      '`agents: { ag_12: dana@acme.example, ag_13: { queue: Front Desk } }`, a user or a queue per PersonaDesk agent',
    'owners.agents.*': '`ag_12: dana@acme.example` or `ag_12: { queue: Front Desk }`',
    'owners.fallback': '`fallback: front.desk@acme.example` or `fallback: { queue: Front Desk }`',
    ...OWNER_RULES,
    baseUrl: '`baseUrl: https://acme.my.salesforce.com`, the My Domain of the org',
    objectOrder: '`objectOrder: [Contact, Lead]`, where people are looked for, first match wins',
    'objectOrder[]': '`Contact` or `Lead`',
    createAs: '`createAs: Lead`, `createAs: Contact` or `createAs: PersonAccount`',
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
    'credentials.oauth.refreshToken':
      '`refreshToken: { env: SALESFORCE_REFRESH_TOKEN }` or `{ file: PATH }`; leave it out and sign in with `crm-sync authorize`',
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
  const plain = EXAMPLES[pattern] ?? conditionExample(pattern);
  if (plain !== undefined || !pattern.startsWith(CONNECTION)) return plain;
  return (BY_CRM[crm ?? ''] ?? BY_CRM.hubspot)?.[pattern.slice(CONNECTION.length)];
}
