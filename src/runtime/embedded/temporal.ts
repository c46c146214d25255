import { resolve } from 'node:path';
import { withExclusiveLock } from './exclusive-lock.ts';
import { findTemporalBinary } from './temporal-binary.ts';
import { launchTemporal, openTemporalHome, terminate } from './temporal-launch.ts';
import { readTemporalState } from './temporal-state.ts';

export interface EmbeddedTemporalOptions {
  /** Where the server's database, log and state are kept; made when missing. */
  readonly dataDirectory: string;
  /** `default` when left out; registered when the server lacks it. */
  readonly namespace?: string;
  /** Insist on this port. When left out: the one of the last start, else 7233, else a free one. */
  readonly port?: number;
  /** Told one line about anything that takes long. */
  readonly report: (line: string) => void;
  /** Where to look for programs and folders (PATH, HOME, XDG_CACHE_HOME); `process.env` when left out. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** A Temporal dev server of our own on this machine. It outlives a crash of this process. */
export interface EmbeddedTemporal {
  /** `host:port` of its gRPC service, on the loopback interface. */
  readonly address: string;
  readonly namespace: string;
  readonly pid: number;
  /** Whether the server was running already. */
  readonly attached: boolean;
  /** Stops the server, also one we attached to. May be called again. */
  stop(): Promise<void>;
}

/** Covers the longest thing a start may wait for: another start that builds the server. */
const LOCK_DEADLINE_MS = 20 * 60_000;

/**
 * Starts the Temporal dev server of a data directory, or attaches to the one that is running on it. Of several callers
 * at once one starts it and the others attach.
 * @throws {Error} with a sentence that says what to do: no server program, a taken port, or a server that does not come up
 */
export async function startEmbeddedTemporal(options: EmbeddedTemporalOptions): Promise<EmbeddedTemporal> {
  const { namespace = 'default', environment = process.env, report } = options;
  const home = await openTemporalHome(resolve(options.dataDirectory));
  const deadline = AbortSignal.timeout(LOCK_DEADLINE_MS);
  const server = await withExclusiveLock(home.startLock, { deadline }, () =>
    launchTemporal({
      home,
      namespace,
      port: options.port,
      environment,
      findBinary: () => findTemporalBinary({ environment, report }),
    }),
  );
  return {
    address: server.address,
    namespace,
    pid: server.process.pid,
    attached: server.attached,
    stop: () => terminate(server.process),
  };
}

/** Stops the dev server that runs on this data directory, whoever started it; nothing happens when there is none. */
export async function stopEmbeddedTemporal(dataDirectory: string): Promise<void> {
  const home = await openTemporalHome(resolve(dataDirectory));
  const state = await readTemporalState(home.state);
  if (state) await terminate(state.process);
}
