import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Environment, Ports } from './environment.ts';
import type { PortVariable } from './environment-variables.ts';
import { hasErrorCode } from './embedded/error-code.ts';
import { SafeError } from './safe-error.ts';

/** Which variable moves which port. */
const PORT_VARIABLE: Readonly<Record<keyof Ports, PortVariable>> = {
  admin: 'CRM_SYNC_ADMIN_PORT',
  intake: 'CRM_SYNC_INTAKE_PORT',
  workerMetrics: 'CRM_SYNC_WORKER_METRICS_PORT',
  personaDeskSandbox: 'CRM_SYNC_SANDBOX_PERSONADESK_PORT',
  hubSpotSandbox: 'CRM_SYNC_SANDBOX_HUBSPOT_PORT',
  salesforceSandbox: 'CRM_SYNC_SANDBOX_SALESFORCE_PORT',
};

/** Somebody else has the port, or we may not have it. The message says which and what to do. */
export class PortUnavailableError extends SafeError {
  constructor(port: number, variable: PortVariable, code: 'EADDRINUSE' | 'EACCES') {
    const why = code === 'EADDRINUSE' ? 'is in use by another program' : 'may not be opened by this user';
    super('port_unavailable', `Port ${port} ${why}: set ${variable} to a free port, or free it, and start again.`);
  }
}

/** What a failure to listen means; undefined when it is about something else than the port. */
export function portFailure(error: unknown, port: number, name: keyof Ports): PortUnavailableError | undefined {
  for (const code of ['EADDRINUSE', 'EACCES'] as const) {
    if (hasErrorCode(error, code)) return new PortUnavailableError(port, PORT_VARIABLE[name], code);
  }
  return undefined;
}

/** The address a process of ours listens on. The admin has no sign-in and the sandboxes are toys: both stay on this machine. */
export function hostOf(environment: Environment, name: keyof Ports): string {
  return name === 'intake' || name === 'workerMetrics' ? environment.host : '127.0.0.1';
}

/** A predecessor that was killed a moment ago may still be on its way out, and has its port until it is gone. */
const PATIENCE_MS = 3_000;
const LOOK_AGAIN_MS = 100;

/**
 * Tries each port for a moment, so that a taken one is told before anything has been started.
 * @throws {PortUnavailableError} for the first that cannot be had, not even a few seconds later
 */
export async function checkPorts(environment: Environment, names: readonly (keyof Ports)[]): Promise<void> {
  const patientUntil = performance.now() + PATIENCE_MS;
  for (const name of names) await untilFree(environment.ports[name], hostOf(environment, name), name, patientUntil);
}

async function untilFree(port: number, host: string, name: keyof Ports, patientUntil: number): Promise<void> {
  for (;;) {
    try {
      await tryPort(port, host);
      return;
    } catch (error) {
      const mayPass = hasErrorCode(error, 'EADDRINUSE') && performance.now() < patientUntil;
      if (!mayPass) throw portFailure(error, port, name) ?? error;
      await delay(LOOK_AGAIN_MS);
    }
  }
}

/** @throws the server's error when the port cannot be had */
async function tryPort(port: number, host: string): Promise<void> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  server.once('error', reject);
  server.listen({ port, host, exclusive: true }, () => resolve(undefined));
  await promise;
  await new Promise((closed) => server.close(closed));
}
