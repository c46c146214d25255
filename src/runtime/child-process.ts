import { fork, type ChildProcess } from 'node:child_process';
import { backOffMs } from './back-off.ts';
import { openLogFile } from './log-file.ts';
import { loggableError } from './loggable-error.ts';
import { readChildMessage } from './parent-channel.ts';
import { pauseUnless } from './pause.ts';

/** How a child is started. */
export interface ChildCommand {
  /** As a person calls it: `intake`. */
  readonly name: string;
  readonly modulePath: string;
  readonly args: readonly string[];
  /** Asked at each start: the addresses of the services may have changed since the last. */
  readonly variables: () => Readonly<Record<string, string | undefined>>;
  /** Takes both its outputs, so that it can go on writing when this process is gone. */
  readonly logFile: string;
}

/** How the first start went; a sentence for the terminal when it failed. */
type FirstStart = { readonly kind: 'ready' } | { readonly kind: 'failed'; readonly sentence: string };

/** A child that is started again whenever it ends. */
export interface SupervisedChild {
  readonly firstStart: Promise<FirstStart>;
  /** Of the process that runs now. */
  pid(): number | undefined;
  /** Has the process replaced by a new one. */
  restart(): void;
  /** Ends the child in order, and by force after `graceMs`. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

export interface SupervisionOptions {
  /** Told one line whenever the child ends unasked. */
  readonly report: (line: string) => void;
  /** How long the first start may take. */
  readonly readyWithinMs?: number;
}

/** Whoever ran this long did not end because of a bad start: the next pause is the shortest again. */
const STABLE_AFTER_MS = 30_000;
const READY_WITHIN_MS = 60_000;

interface Run {
  readonly ready: boolean;
  /** What the child itself gave as the reason. */
  readonly sentence: string | undefined;
  /** `exit code 1`, `signal SIGKILL`. */
  readonly how: string;
  readonly lastedMs: number;
}

/**
 * Starts a child and starts it again when it ends, after a pause that grows while it keeps ending. A first start that
 * fails is not tried again: that is for the person at the terminal to mend.
 */
export function superviseChild(command: ChildCommand, options: SupervisionOptions): SupervisedChild {
  const stopping = new AbortController();
  const firstStart = Promise.withResolvers<FirstStart>();
  let current: ChildProcess | undefined;
  let replacing = false;
  const stopAsked = () => stopping.signal.aborted;

  async function runOnce(): Promise<Run> {
    const startedAt = performance.now();
    let ready = false;
    let sentence: string | undefined;
    const run = (how: string): Run => ({ ready, sentence, how, lastedMs: performance.now() - startedAt });
    try {
      current = await forkChild(command);
    } catch (error) {
      // A full disk or a folder that is gone: it may be mended while we keep trying.
      return run(`it could not be started, ${loggableError(error).code ?? 'unknown'}`);
    }
    if (stopAsked()) current.kill('SIGTERM');
    current.on('message', (message) => {
      const told = readChildMessage(message);
      if (told?.kind === 'failed') sentence = told.sentence;
      if (told?.kind !== 'ready') return;
      ready = true;
      firstStart.resolve({ kind: 'ready' });
    });
    const how = await endOf(current);
    current = undefined;
    return run(how);
  }

  async function keepRunning(): Promise<void> {
    let attempt = 0;
    let everReady = false;
    while (!stopAsked()) {
      const run = await runOnce();
      everReady ||= run.ready;
      if (!everReady) {
        firstStart.resolve({ kind: 'failed', sentence: startFailure(command, run) });
        return;
      }
      if (stopAsked()) return;
      attempt = run.lastedMs >= STABLE_AFTER_MS ? 1 : attempt + 1;
      if (!replacing) options.report(`The ${command.name} ended (${run.how}); starting it again.`);
      const pause = replacing ? 0 : backOffMs(attempt);
      replacing = false;
      await pauseUnless(stopping.signal, pause);
    }
  }

  const tooLong = setTimeout(() => {
    const seconds = (options.readyWithinMs ?? READY_WITHIN_MS) / 1_000;
    const sentence = `The ${command.name} is not ready after ${seconds} s: ${command.logFile} says why.`;
    firstStart.resolve({ kind: 'failed', sentence });
  }, options.readyWithinMs ?? READY_WITHIN_MS);
  void firstStart.promise.then(() => clearTimeout(tooLong));
  const running = keepRunning();

  return {
    firstStart: firstStart.promise,
    pid: () => current?.pid,
    restart() {
      replacing = true;
      current?.kill('SIGTERM');
    },
    async stop(graceMs) {
      stopping.abort();
      current?.kill('SIGTERM');
      const force = setTimeout(() => current?.kill('SIGKILL'), graceMs);
      await running;
      clearTimeout(force);
      firstStart.resolve({ kind: 'failed', sentence: `The ${command.name} was stopped.` });
    },
  };
}

/** In a session of its own: Ctrl-C in the terminal reaches us, and we end the children in order. */
async function forkChild(command: ChildCommand): Promise<ChildProcess> {
  const log = await openLogFile(command.logFile);
  try {
    return fork(command.modulePath, [...command.args], {
      detached: true,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
      env: { ...command.variables() },
      execArgv: [],
    });
  } finally {
    await log.close();
  }
}

/** Only a child without a process emits `error` in place of `exit`; one that has a process may still be running after it. */
async function endOf(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  child.once('exit', (code, signal) =>
    resolve(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`),
  );
  child.on('error', () => {
    if (child.pid === undefined) resolve('it could not be started');
  });
  return await promise;
}

function startFailure(command: ChildCommand, run: Run): string {
  return run.sentence ?? `The ${command.name} ended while it started (${run.how}): ${command.logFile} says why.`;
}
