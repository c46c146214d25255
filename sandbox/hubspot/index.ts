export { startHubSpotSandbox, type HubSpotSandbox } from './start.ts';
export type { Fault } from '../server/faults.ts';
export type { HubSpotSandboxOptions } from './options.ts';
