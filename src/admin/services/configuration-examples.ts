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
  'tenants[].connections[].crm': '`crm: hubspot`',
  'tenants[].connections[].baseUrl': '`baseUrl: https://api.hubapi.com`',
  'tenants[].connections[].credentials': '`credentials: { accessToken: { env: HUBSPOT_TOKEN } }`',
  'tenants[].connections[].credentials.accessToken': '`accessToken: { env: HUBSPOT_TOKEN }` or `{ file: PATH }`',
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

/** What is right at a place, named by its pattern (`tenants[].name`); undefined for a place that has no entry. */
export function exampleAt(pattern: string): string | undefined {
  return EXAMPLES[pattern];
}
