export type { Fault } from '../server/faults.ts';
export { defaultConnectedApp } from './org-defaults.ts';
export { startSalesforceSandbox, type SalesforceSandbox } from './start.ts';
export type { SalesforceSandboxOptions } from './options.ts';
