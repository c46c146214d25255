import type { AddressInfo } from 'node:net';
import { FaultRegister } from '../server/faults.ts';
import { Timers } from '../server/timers.ts';
import { answerAuthorizeRequest } from './authorize-page.ts';
import { createControl, type SalesforceSandboxControl } from './control.ts';
import { answerControlRequest } from './control-http.ts';
import { defaultOptions, mergeOptions, type SalesforceSandboxOptions } from './options.ts';
import { Org } from './org.ts';
import { answerPageRequest } from './page.ts';
import { RequestLog } from './request-log.ts';
import { createSalesforceServer } from './server.ts';
import { TokenRegister } from './token-register.ts';

/** A running stand-in for one Salesforce org. */
export interface SalesforceSandbox extends SalesforceSandboxControl {
  /** Base URL without a trailing slash: the org's My Domain, and its login host. */
  readonly url: string;
  /** Cuts open connections, ends waits and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a stateful stand-in for Salesforce's REST API that refuses what Salesforce would refuse.
 * @throws the server's error when the port cannot be had.
 */
export async function startSalesforceSandbox(
  options: Partial<SalesforceSandboxOptions> = {},
): Promise<SalesforceSandbox> {
  const org = new Org(mergeOptions(defaultOptions, options));
  const tokens = new TokenRegister(() => org.options);
  const faults = new FaultRegister();
  const log = new RequestLog();
  const timers = new Timers();
  const control = createControl({ org, tokens, faults, log });
  let url = '';
  const server = createSalesforceServer({
    org,
    tokens,
    faults,
    log,
    timers,
    instanceUrl: () => url,
    answerOther: async (request) =>
      answerPageRequest(request, { org, log }) ??
      answerAuthorizeRequest(request, { options: org.options, tokens }) ??
      (await answerControlRequest(request, control)),
  });
  // Longer than a client's pool keeps a socket, so that none is closed under a request that is just being sent.
  server.keepAliveTimeout = 60_000;
  const { host, port } = org.options;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  // A TCP server's address is an object once it listens.
  const { port: bound } = server.address() as AddressInfo;
  url = `http://${host.includes(':') ? `[${host}]` : host}:${bound}`;
  return {
    ...control,
    url,
    close: async () => {
      timers.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
