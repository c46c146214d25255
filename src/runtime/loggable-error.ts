import { SafeError } from './safe-error.ts';

/** An error as it may be logged: what kind, where, and from what; never what it says, unless the words are our own. */
export interface LoggableError {
  readonly name: string;
  readonly code?: string;
  /** Only of a {@link SafeError}. */
  readonly message?: string;
  readonly stack: readonly string[];
  readonly cause?: LoggableError;
}

const NAME = /^[\w.$-]{1,64}$/;
const CODE = /^[\w.-]{1,64}$/;
const FRAME = /^ {4}at .*[:(]\S+:\d+:\d+\)?$|^ {4}at .*\(<anonymous>\)$/;
const MAX_FRAMES = 15;
const MAX_CAUSES = 4;

/** Reads what may be logged off anything that was thrown. */
export function loggableError(thrown: unknown, depth = 0): LoggableError {
  if (!(thrown instanceof Error)) return { name: `thrown ${typeof thrown}`, stack: [] };
  const code = codeOf(thrown);
  return {
    name: NAME.test(thrown.name) ? thrown.name : 'Error',
    ...(code === undefined ? {} : { code }),
    ...(thrown instanceof SafeError ? { message: thrown.message } : {}),
    stack: framesOf(thrown),
    ...(thrown.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: loggableError(thrown.cause, depth + 1) }),
  };
}

/** Node's, PostgreSQL's and gRPC's errors carry a code; anything that does not look like one is dropped. */
function codeOf(error: Error): string | undefined {
  const code: unknown = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return String(code);
  return typeof code === 'string' && CODE.test(code) ? code : undefined;
}

/** The stack begins with name and message; V8 puts the frames last, so they are read from the end up to the first line that is none. */
function framesOf(error: Error): readonly string[] {
  const messageLines = error.message.split('\n').length;
  const lines = (error.stack ?? '').split('\n').slice(messageLines);
  const firstFrame = lines.findLastIndex((line) => !FRAME.test(line)) + 1;
  return lines.slice(firstFrame, firstFrame + MAX_FRAMES).map((line) => line.trim());
}
