import { z } from 'zod';

const documented = <T extends z.ZodType>(schema: T, example: string, description: string): T =>
  schema.meta({ description, examples: [example] });

const WHOLE_PORT = /^\d{1,5}$/;
const isPort = (text: string): boolean => WHOLE_PORT.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

const port = (fallback: number, description: string) =>
  documented(
    z.string().refine(isPort, 'is not a port from 1 to 65535').transform(Number).default(fallback),
    String(fallback),
    description,
  );

const url = (protocol: RegExp, expected: string) => z.url({ protocol, error: `is not ${expected}` });

const HOST_AND_PORT = /^(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\]):\d{1,5}$/;

/** 32 bytes as 64 hexadecimal digits or as base64. */
const MASTER_KEY = /^(?:[0-9A-Fa-f]{64}|[A-Za-z0-9+/]{43}=?)$/;

/** Every environment variable we read, with its default and its documentation. Variables not listed here are ignored. */
export const environmentVariables = z.object({
  NODE_ENV: documented(
    z.string().optional(),
    'production',
    'With `production`, no `.env` file is read, and `apply` takes only base URLs at the CRM vendors’ own hosts.',
  ),
  CRM_SYNC_DATA_DIR: documented(
    z.string().default('./data'),
    './data',
    'Folder for everything kept on this machine: the embedded database, the logs, the master key.',
  ),
  CRM_SYNC_HOST: documented(
    z
      .union([z.ipv4(), z.ipv6(), z.literal('localhost')], { error: 'is not an IP address or localhost' })
      .default('127.0.0.1'),
    '0.0.0.0',
    'Address that the intake and the metrics of the worker listen on. The admin stays on 127.0.0.1.',
  ),
  CRM_SYNC_ADMIN_PORT: port(8080, 'Port of the admin: the status page and its API.'),
  CRM_SYNC_INTAKE_PORT: port(8081, 'Port of the intake, which takes the webhooks.'),
  CRM_SYNC_WORKER_METRICS_PORT: port(8082, 'Port of the worker for /healthz, /readyz and /metrics.'),
  CRM_SYNC_SANDBOX_PERSONADESK_PORT: port(8091, 'Port of the stand-in for PersonaDesk; used in demo mode only.'),
  CRM_SYNC_SANDBOX_HUBSPOT_PORT: port(8092, 'Port of the stand-in for HubSpot; used in demo mode only.'),
  CRM_SYNC_SANDBOX_SALESFORCE_PORT: port(8093, 'Port of the stand-in for Salesforce; used in demo mode only.'),
  CRM_SYNC_PUBLIC_URL: documented(
    url(/^https?$/, 'an http or https URL')
      .transform((text) => text.replace(/\/+$/, ''))
      .optional(),
    'https://crm-sync.example.com',
    'Where PersonaDesk reaches the intake. By default the intake’s own port on this machine.',
  ),
  CRM_SYNC_ADMIN_URL: documented(
    url(/^https?$/, 'an http or https URL')
      .transform((text) => text.replace(/\/+$/, ''))
      .optional(),
    'https://crm-sync.example.com',
    'Where the browser of a person who signs in to a CRM reaches the admin, `/oauth/callback` below it. By default the admin’s own port on localhost.',
  ),
  DATABASE_URL: documented(
    url(/^postgres(?:ql)?$/, 'a PostgreSQL URL').optional(),
    'postgresql://user@db.example.com/crm_sync',
    'PostgreSQL 15 or newer. By default `start` runs an embedded one in the data directory.',
  ),
  CRM_SYNC_MASTER_KEY: documented(
    z.string().regex(MASTER_KEY, 'is not 32 bytes as base64 or as 64 hexadecimal digits').optional(),
    'the output of: openssl rand -base64 32',
    'Key that encrypts secrets and conversation content at rest. Needed with DATABASE_URL; otherwise one is made in the data directory.',
  ),
  CRM_SYNC_MASTER_KEY_FILE: documented(
    z.string().optional(),
    '/run/secrets/crm-sync-master-key',
    'File that holds the master key, instead of CRM_SYNC_MASTER_KEY.',
  ),
  LOG_LEVEL: documented(
    z
      .enum(['debug', 'info', 'warn', 'error', 'silent'], { error: 'is not one of debug, info, warn, error, silent' })
      .default('info'),
    'info',
    'Lowest level that is logged.',
  ),
  TEMPORAL_ADDRESS: documented(
    z.string().regex(HOST_AND_PORT, 'is not of the form host:port').optional(),
    'temporal.example.com:7233',
    'Temporal’s frontend. By default `start` runs a dev server in the data directory.',
  ),
  TEMPORAL_NAMESPACE: documented(z.string().optional(), 'default', 'Namespace of the workflows.'),
  TEMPORAL_API_KEY: documented(z.string().optional(), 'the key from Temporal Cloud', 'API key; switches TLS on.'),
  TEMPORAL_PROFILE: documented(z.string().optional(), 'production', 'Profile of Temporal’s own configuration file.'),
  TEMPORAL_CONFIG_FILE: documented(
    z.string().optional(),
    '/etc/temporal.toml',
    'Temporal’s own configuration file, when it is not in its usual place.',
  ),
  OTEL_EXPORTER_OTLP_ENDPOINT: documented(
    url(/^https?$/, 'an http or https URL').optional(),
    'http://127.0.0.1:4318',
    'Where traces are sent. Without it none are made.',
  ),
});

/** The variables as parsed; ports are numbers. */
export type Variables = z.infer<typeof environmentVariables>;

/** The variables that name a port of ours. */
export const PORT_VARIABLES = [
  'CRM_SYNC_ADMIN_PORT',
  'CRM_SYNC_INTAKE_PORT',
  'CRM_SYNC_WORKER_METRICS_PORT',
  'CRM_SYNC_SANDBOX_PERSONADESK_PORT',
  'CRM_SYNC_SANDBOX_HUBSPOT_PORT',
  'CRM_SYNC_SANDBOX_SALESFORCE_PORT',
] as const satisfies readonly (keyof Variables)[];

export type PortVariable = (typeof PORT_VARIABLES)[number];
