import { startSalesforceSandbox, type SalesforceSandbox } from './start.ts';

/**
 * Runs the sandbox as a process of its own, for the demo: says where it is to a parent that speaks IPC, and ends with it.
 * Search lag and limits are those of an org with the Enterprise Edition.
 */
export async function runSalesforceSandbox({ port }: { readonly port: number }): Promise<SalesforceSandbox> {
  const sandbox = await startSalesforceSandbox({ port });
  const stop = (): void => {
    void sandbox.close().finally(() => process.exit(0));
  };
  // A demo that is killed must not leave its sandboxes behind on their ports.
  process.once('disconnect', stop);
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  process.send?.({ kind: 'listening', url: sandbox.url });
  return sandbox;
}
