import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';

/**
 * Sets up Temporal's native part for this process; once per process, before the first worker. Its log lines quote ids,
 * task tokens and other people's error messages, so they are dropped: what matters reaches our own log as codes.
 * Signals stay with us: the process stops its parts in order.
 */
export function installTemporalRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
    },
    shutdownSignals: [],
  });
}
