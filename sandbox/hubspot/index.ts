export { startHubSpotSandbox, type HubSpotSandbox } from './start.ts';
export type { Fault } from './faults.ts';
export type { HubSpotSandboxOptions } from './options.ts';
