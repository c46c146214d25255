import { pino, type DestinationStream } from 'pino';
import type { Environment } from './environment.ts';
import { loggableError } from './loggable-error.ts';

/** Ids, codes, counts and durations. Never a secret, a phone number, a name or anything a caller said. */
type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Structured log: an event name in snake_case and its fields. */
export interface Logger {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields, error?: unknown): void;
  error(event: string, fields?: LogFields, error?: unknown): void;
}

/** JSON lines on stdout, written at once: a line that was logged is there even if the process is killed next. */
export function createLogger(options: {
  readonly level: Environment['logLevel'];
  readonly process: string;
  readonly destination?: DestinationStream;
}): Logger {
  const destination = options.destination ?? pino.destination({ dest: 1, sync: true });
  const log = pino(
    {
      level: options.level,
      base: { process: options.process, pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const failure = (error: unknown) => (error === undefined ? {} : { error: loggableError(error) });
  return {
    debug: (event, fields) => log.debug({ event, ...fields }),
    info: (event, fields) => log.info({ event, ...fields }),
    warn: (event, fields, error) => log.warn({ event, ...fields, ...failure(error) }),
    error: (event, fields, error) => log.error({ event, ...fields, ...failure(error) }),
  };
}
