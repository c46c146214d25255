import { SafeError } from '../runtime/safe-error.ts';
import { EXIT, type ExitCode } from './command-outcome.ts';

/** A failure as people and scripts are told of it. */
export interface CommandFailure {
  readonly exitCode: ExitCode;
  /** Stable and machine-readable. */
  readonly code: string;
  /** One sentence: what is wrong and what to do. */
  readonly message: string;
}

export type ExternalService = 'postgresql' | 'temporal' | 'intake' | 'admin';

/** A service that the command needs cannot be reached: exit code 3. */
export class ServiceUnreachableError extends SafeError {
  /** @param message which service, where, and what to do; no secret in it. */
  constructor(service: ExternalService, message: string) {
    super(`${service}_unreachable`, message);
  }
}

/** The command was asked for something that makes no sense: exit code 2. */
export class UsageError extends SafeError {
  constructor(message: string) {
    super('usage', message);
  }
}

/** Errors of the store whose messages are made of our own words and ids. By name: the store is loaded only by commands that use it. */
const SAFE_STORE_ERRORS: ReadonlySet<string> = new Set([
  'IdTakenError',
  'MasterKeyError',
  'SecretMissingError',
  'UnknownConnectionError',
]);

/** Translates whatever a command threw. The message of an unknown error is not shown: it may quote data. */
export function toCommandFailure(thrown: unknown): CommandFailure {
  if (thrown instanceof SafeError) return { exitCode: exitCodeOf(thrown), code: thrown.code, message: thrown.message };
  if (!(thrown instanceof Error)) return fault('unknown');
  if (thrown.name === 'StoreError') return storeFailure(thrown);
  if (SAFE_STORE_ERRORS.has(thrown.name)) {
    return { exitCode: EXIT.failed, code: thrown.name, message: `${thrown.message}.` };
  }
  return fault(codeOf(thrown) ?? thrown.name);
}

function exitCodeOf(error: SafeError): ExitCode {
  if (error instanceof ServiceUnreachableError) return EXIT.unreachable;
  return error instanceof UsageError ? EXIT.usage : EXIT.failed;
}

function storeFailure(thrown: Error): CommandFailure {
  const code = codeOf(thrown) ?? 'unknown';
  const retryable = 'retryable' in thrown && thrown.retryable === true;
  if (!retryable) return { exitCode: EXIT.failed, code: 'store_error', message: `${thrown.message}.` };
  const message = `PostgreSQL did not answer (${code}): see that it runs, then try again.`;
  return { exitCode: EXIT.unreachable, code: 'postgresql_unreachable', message };
}

function fault(code: string): CommandFailure {
  const message = `The command stopped at a fault of its own (${code}). Please report it with the command you ran.`;
  return { exitCode: EXIT.failed, code: 'internal_error', message };
}

function codeOf(thrown: Error): string | undefined {
  const code: unknown = 'code' in thrown ? thrown.code : undefined;
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : undefined;
}
