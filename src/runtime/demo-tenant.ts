import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { hasErrorCode } from './embedded/error-code.ts';
import type { Environment } from './environment.ts';

/** The tenant of the demo. Its endpoint id is our mark: a tenant of the same id with another endpoint is somebody's own. */
export const DEMO = {
  tenantId: 'ten_demo',
  tenantName: 'Demo Dental',
  connectionIds: { hubSpot: 'demo-hubspot', salesforce: 'demo-salesforce' },
  endpointId: 'demo',
  salesforceClientId: 'crm-sync-demo',
} as const;

/** Whether a connection is one of the demo's own. */
export function isDemoConnection(id: string): boolean {
  return Object.values<string>(DEMO.connectionIds).includes(id);
}

/** What both sides of the demo agree on: our own settings and the sandboxes. */
export interface DemoSecrets {
  readonly personaDeskApiKey: DemoSecret;
  readonly webhookSecret: DemoSecret;
  readonly hubSpotToken: DemoSecret;
  readonly salesforceClientSecret: DemoSecret;
}

interface DemoSecret {
  /** Absolute; the configuration points here. */
  readonly file: string;
  readonly value: string;
}

/**
 * Drawn once per data directory and kept in files, as an operator would keep theirs, so that every process and every
 * command can resolve them.
 */
export async function demoSecrets(dataDirectory: string): Promise<DemoSecrets> {
  const folder = join(dataDirectory, 'demo');
  await mkdir(folder, { recursive: true });
  const draw = (prefix: string, encoding: 'hex' | 'base64') => `${prefix}${randomBytes(24).toString(encoding)}`;
  return {
    personaDeskApiKey: await keptSecret(join(folder, 'personadesk-api-key'), () => draw('demo-', 'hex')),
    // Standard Webhooks: `whsec_` and base64 of 24 to 64 bytes.
    webhookSecret: await keptSecret(join(folder, 'webhook-secret'), () => draw('whsec_', 'base64')),
    hubSpotToken: await keptSecret(join(folder, 'hubspot-token'), () => draw('demo-', 'hex')),
    salesforceClientSecret: await keptSecret(join(folder, 'salesforce-client-secret'), () => draw('demo-', 'hex')),
  };
}

/** The demo as a configuration file, applied the way a person applies one. */
export function demoConfiguration(environment: Environment, secrets: DemoSecrets): string {
  const { personaDeskSandbox, hubSpotSandbox, salesforceSandbox } = environment.ports;
  const tenant = {
    id: DEMO.tenantId,
    name: DEMO.tenantName,
    timezone: 'America/New_York',
    personadesk: {
      baseUrl: `http://127.0.0.1:${personaDeskSandbox}/v1`,
      apiKey: { file: secrets.personaDeskApiKey.file },
    },
    webhook: {
      endpointId: DEMO.endpointId,
      verification: { scheme: 'standard-webhooks', secrets: [{ file: secrets.webhookSecret.file }] },
    },
    connections: [
      {
        id: DEMO.connectionIds.hubSpot,
        crm: 'hubspot',
        baseUrl: `http://127.0.0.1:${hubSpotSandbox}`,
        credentials: { accessToken: { file: secrets.hubSpotToken.file } },
      },
      {
        id: DEMO.connectionIds.salesforce,
        crm: 'salesforce',
        baseUrl: `http://127.0.0.1:${salesforceSandbox}`,
        credentials: {
          clientCredentials: {
            clientId: DEMO.salesforceClientId,
            clientSecret: { file: secrets.salesforceClientSecret.file },
          },
        },
      },
    ],
  };
  return stringify({ version: 1, tenants: [tenant] });
}

/** `wx` makes the first of two starts win; the other reads what it wrote. */
async function keptSecret(file: string, draw: () => string): Promise<DemoSecret> {
  try {
    await writeFile(file, `${draw()}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
  }
  return { file, value: (await readFile(file, 'utf8')).trim() };
}
