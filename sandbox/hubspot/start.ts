import type { AddressInfo } from 'node:net';
import { Account } from './account.ts';
import { TokenRegister } from './authorization.ts';
import { answerInstallRequest } from './install-page.ts';
import { Installations } from './installations.ts';
import { createControl, type HubSpotSandboxControl } from './control.ts';
import { answerControlRequest } from './control-http.ts';
import { FaultRegister } from '../server/faults.ts';
import { defaultOptions, mergeOptions, type HubSpotSandboxOptions } from './options.ts';
import { answerPageRequest } from './page.ts';
import { RateLimiter } from './rate-limits.ts';
import { RequestLog } from './request-log.ts';
import { createHubSpotServer } from './server.ts';
import { Timers } from '../server/timers.ts';

/** A running stand-in for one HubSpot account. */
export interface HubSpotSandbox extends HubSpotSandboxControl {
  /** Base URL without a trailing slash. */
  readonly url: string;
  /** Cuts open connections, ends waits and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a stateful stand-in for HubSpot's CRM API that refuses what HubSpot would refuse.
 * @throws the server's error when the port cannot be had.
 */
export async function startHubSpotSandbox(options: Partial<HubSpotSandboxOptions> = {}): Promise<HubSpotSandbox> {
  const account = new Account(mergeOptions(defaultOptions, options));
  const tokens = new TokenRegister(account.options.accessTokens, () => account.options.now());
  const installations = new Installations(() => account.options);
  const limiter = new RateLimiter(() => account.options);
  const faults = new FaultRegister();
  const log = new RequestLog();
  const timers = new Timers();
  const control = createControl({ account, tokens, installations, limiter, faults, log });
  const server = createHubSpotServer({
    account,
    tokens,
    installations,
    limiter,
    faults,
    log,
    timers,
    answerOther: async (request) =>
      answerPageRequest(request, { account, limiter, log }) ??
      answerInstallRequest(request, { options: account.options, installations }) ??
      (await answerControlRequest(request, control)),
  });
  // Longer than a client's pool keeps a socket, so that none is closed under a request that is just being sent.
  server.keepAliveTimeout = 60_000;
  const { host, port } = account.options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A TCP server's address is an object once it listens.
  const { port: bound } = server.address() as AddressInfo;
  return {
    ...control,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: async () => {
      timers.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
