import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  documentEnvironment,
  EnvironmentError,
  environmentOfProcess,
  readEnvironment,
} from '../../src/runtime/environment.ts';

function problemsOf(variables: Record<string, string>) {
  try {
    readEnvironment(variables);
  } catch (error) {
    if (error instanceof EnvironmentError) return error;
    throw error;
  }
  throw new Error('the environment was accepted');
}

describe('the environment', () => {
  it('needs no variable at all', () => {
    const environment = readEnvironment({});
    expect(environment).toMatchObject({
      dataDirectory: resolve('data'),
      host: '127.0.0.1',
      ports: {
        admin: 8080,
        intake: 8081,
        workerMetrics: 8082,
        personaDeskSandbox: 8091,
        hubSpotSandbox: 8092,
        salesforceSandbox: 8093,
      },
      publicUrl: 'http://127.0.0.1:8081',
      databaseUrl: undefined,
      logLevel: 'info',
      temporal: { kind: 'embedded' },
    });
  });

  it.each([
    ['CRM_SYNC_ADMIN_PORT', 'http', 'is not a port from 1 to 65535', '8080'],
    ['CRM_SYNC_ADMIN_PORT', '0', 'is not a port from 1 to 65535', '8080'],
    ['CRM_SYNC_INTAKE_PORT', '65536', 'is not a port from 1 to 65535', '8081'],
    ['CRM_SYNC_WORKER_METRICS_PORT', '80.5', 'is not a port from 1 to 65535', '8082'],
    ['CRM_SYNC_SANDBOX_HUBSPOT_PORT', '-1', 'is not a port from 1 to 65535', '8092'],
    ['CRM_SYNC_SANDBOX_PERSONADESK_PORT', '1e3', 'is not a port from 1 to 65535', '8091'],
    ['CRM_SYNC_HOST', 'my host', 'is not an IP address or localhost', '0.0.0.0'],
    ['CRM_SYNC_PUBLIC_URL', 'crm-sync.example.com', 'is not an http or https URL', 'https://'],
    ['DATABASE_URL', 'mysql://db/crm', 'is not a PostgreSQL URL', 'postgresql://'],
    ['DATABASE_URL', 'db.example.com', 'is not a PostgreSQL URL', 'postgresql://'],
    ['CRM_SYNC_MASTER_KEY', 'too short', 'is not 32 bytes as base64 or as 64 hexadecimal digits', 'openssl rand'],
    ['LOG_LEVEL', 'verbose', 'is not one of debug, info, warn, error, silent', 'info'],
    ['TEMPORAL_ADDRESS', 'https://temporal:7233', 'is not of the form host:port', 'temporal.example.com:7233'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector', 'is not an http or https URL', 'http://127.0.0.1:4318'],
  ])('a wrong %s is refused with variable, problem and fix (%s)', (variable, value, problem, fix) => {
    const { problems, message } = problemsOf({ [variable]: value });
    expect(problems).toEqual([{ variable, problem, fix: expect.stringContaining(fix) }]);
    expect(message).toContain(`${variable} ${problem}. Set it to`);
  });

  it('all wrong variables are named at once, none with its value', () => {
    const { message } = problemsOf({ DATABASE_URL: 'hunter2', CRM_SYNC_MASTER_KEY: 'hunter2', LOG_LEVEL: 'hunter2' });
    expect(message.split('\n')).toHaveLength(3);
    expect(message).not.toContain('hunter2');
  });

  it('two processes on one port are refused, also when one of them is on its default', () => {
    expect(problemsOf({ CRM_SYNC_INTAKE_PORT: '8080' }).problems).toEqual([
      {
        variable: 'CRM_SYNC_INTAKE_PORT',
        problem: 'is the same port as CRM_SYNC_ADMIN_PORT',
        fix: 'Give each its own.',
      },
    ]);
  });

  it('an empty variable counts as not set', () => {
    expect(readEnvironment({ DATABASE_URL: '', CRM_SYNC_ADMIN_PORT: '', TEMPORAL_ADDRESS: '' })).toMatchObject({
      databaseUrl: undefined,
      ports: { admin: 8080 },
      temporal: { kind: 'embedded' },
    });
  });

  it.each(['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'])(
    '%s means a Temporal of your own',
    (name) => {
      const value = name === 'TEMPORAL_ADDRESS' ? 'temporal.example.com:7233' : 'x';
      expect(readEnvironment({ [name]: value }).temporal).toEqual({ kind: 'external' });
    },
  );

  it('accepts the URL of the embedded database, which names a folder in place of a host', () => {
    const databaseUrl = 'postgresql:///crm_sync?host=%2Ftmp%2Fcrm-sync-1&user=crm_sync';
    expect(readEnvironment({ DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl);
  });

  it('the public URL follows the intake port and never ends in a slash', () => {
    expect(readEnvironment({ CRM_SYNC_INTAKE_PORT: '9000' }).publicUrl).toBe('http://127.0.0.1:9000');
    expect(readEnvironment({ CRM_SYNC_PUBLIC_URL: 'https://a.example/x//' }).publicUrl).toBe('https://a.example/x');
  });

  it('every variable is documented', () => {
    const undocumented = documentEnvironment().filter(({ description }) => description.length < 20);
    expect(undocumented).toEqual([]);
    expect(documentEnvironment()).toContainEqual(
      expect.objectContaining({ variable: 'CRM_SYNC_DATA_DIR', default: './data' }),
    );
  });
});

describe('a .env file', () => {
  it('adds variables in development and is not read in production', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'crm-sync-env-'));
    try {
      await writeFile(join(folder, '.env'), 'CRM_SYNC_ADMIN_PORT=9101\nLOG_LEVEL=debug\n');
      expect(environmentOfProcess(folder, { NODE_ENV: 'production' }).ports.admin).toBe(8080);
      // What is set already wins.
      const environment = environmentOfProcess(folder, { LOG_LEVEL: 'warn' });
      expect([environment.ports.admin, environment.logLevel]).toEqual([9101, 'warn']);
      expect(environment.variables.CRM_SYNC_ADMIN_PORT).toBe('9101');
      expect(environmentOfProcess(join(folder, 'nowhere'), {}).ports.admin).toBe(8080);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
