/** A configuration file as an admin would write it: one tenant, one connection. */
export const FILE = `version: 1
tenants:
  - id: ten_acme
    name: Acme Dental
    timezone: America/New_York
    defaultCountry: US
    personadesk:
      baseUrl: https://api.personadesk.ai/v1
      apiKey: { env: PERSONADESK_API_KEY }
    webhook:
      endpointId: acme-endpoint
      verification:
        scheme: standard-webhooks
        toleranceSeconds: 300
        secrets: [{ env: PERSONADESK_WEBHOOK_SECRET }]
    connections:
      - id: acme-hubspot
        crm: hubspot
        baseUrl: https://api.hubapi.com
        credentials: { accessToken: { env: HUBSPOT_TOKEN } }
        content: { recording: link, summary: true, transcript: false }
        matching: { phoneFields: [other_phone], ambiguous: review }
        unknownCaller: { action: create }
`;

/** What the variables of {@link FILE} hold; nothing of it may ever be shown. */
export const SECRET_VALUES = {
  PERSONADESK_API_KEY: 'pd-live-0f3c9a77b1',
  PERSONADESK_WEBHOOK_SECRET: `whsec_${Buffer.from('the webhook secret of the tests!').toString('base64')}`,
  HUBSPOT_TOKEN: 'pat-na1-4be2-planted-token',
} as const;

/** The file with one passage changed. */
export function changed(from: string, to: string, file = FILE): string {
  if (!file.includes(from)) throw new Error(`the file has no passage ${JSON.stringify(from)}`);
  return file.replace(from, () => to);
}
