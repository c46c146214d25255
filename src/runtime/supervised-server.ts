import { backOffMs } from './back-off.ts';
import { identifyProcess, isRunning } from './embedded/process-identity.ts';
import { pauseUnless } from './pause.ts';

/** A server program of ours that runs in a process of its own and is no child we are told the end of: we may have attached to it. */
export interface ServerProcess {
  readonly pid: number;
  stop(): Promise<void>;
}

/** A server that is started again when its process is gone. */
export interface SupervisedServer<S extends ServerProcess> {
  /** The one that runs now. */
  current(): S;
  /** Ends the supervision, then the server. */
  stop(): Promise<void>;
}

/** A killed server is noticed within this time; together with its start it is away for about a second. */
const WATCH_EVERY_MS = 250;

/**
 * Starts a server, or attaches to it, and does so again whenever its process has ended.
 * @throws what the first `start` throws; later failures are reported and tried again
 */
export async function superviseServer<S extends ServerProcess>(options: {
  readonly name: string;
  readonly start: () => Promise<S>;
  readonly report: (line: string) => void;
  /** Told of every server after the first. */
  readonly onReplaced: (server: S) => void;
}): Promise<SupervisedServer<S>> {
  const stopping = new AbortController();
  let server = await options.start();

  async function keepAlive(): Promise<void> {
    for (;;) {
      await untilGone(server.pid, stopping.signal);
      if (stopping.signal.aborted) return;
      options.report(`${options.name} ended; starting it again.`);
      const next = await startAgain(options, stopping.signal);
      if (next === undefined) return;
      server = next;
      options.onReplaced(server);
    }
  }

  const running = keepAlive();
  return {
    current: () => server,
    async stop() {
      stopping.abort();
      await running;
      await server.stop();
    },
  };
}

async function untilGone(pid: number, stopping: AbortSignal): Promise<void> {
  const identity = await identifyProcess(pid);
  if (identity === undefined) return;
  while (!stopping.aborted && (await isRunning(identity))) await pauseUnless(stopping, WATCH_EVERY_MS);
}

async function startAgain<S extends ServerProcess>(
  options: { readonly name: string; readonly start: () => Promise<S>; readonly report: (line: string) => void },
  stopping: AbortSignal,
): Promise<S | undefined> {
  for (let attempt = 1; !stopping.aborted; attempt += 1) {
    try {
      return await options.start();
    } catch (error) {
      // The servers' own start errors are sentences for the terminal.
      options.report(error instanceof Error ? error.message : `${options.name} did not start.`);
      await pauseUnless(stopping, backOffMs(attempt));
    }
  }
  return undefined;
}
