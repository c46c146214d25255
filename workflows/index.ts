export { syncConnection, type SyncConnectionInput } from './sync-connection.ts';
export { wakeSignal } from './messages.ts';
