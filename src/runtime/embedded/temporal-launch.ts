import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasErrorCode } from './error-code.ts';
import { findFreePort, isListening, isPortFree } from './loopback-port.ts';
import { isRunning, type ProcessIdentity } from './process-identity.ts';
import { awaitExit, rotateLog, spawnServer } from './server-process.ts';
import { servesNamespace } from './temporal-health.ts';
import { readTemporalState, writeTemporalState, type TemporalState } from './temporal-state.ts';
import { waitUntil } from './wait-until.ts';

/** The files of one dev server. */
export interface TemporalHome {
  readonly database: string;
  /** There while a new database has not served its first request. */
  readonly firstStartMarker: string;
  readonly state: string;
  readonly startLock: string;
  readonly logFile: string;
}

export interface RunningTemporal {
  readonly process: ProcessIdentity;
  readonly address: string;
  /** It was running before we came. */
  readonly attached: boolean;
}

export interface TemporalLaunch {
  readonly home: TemporalHome;
  readonly namespace: string;
  /** Insist on this port. */
  readonly port: number | undefined;
  /** Asked only when a server has to be started: finding the program can take minutes. */
  readonly findBinary: () => Promise<string>;
  readonly environment: NodeJS.ProcessEnv;
}

const DEFAULT_PORT = 7233;
const START_DEADLINE_MS = 60_000;
const TERMINATE_DEADLINE_MS = 10_000;
const KILL_DEADLINE_MS = 5_000;
/** A port can be taken between our look and the server's start; thrice in a row it is something else. */
const ATTEMPTS = 3;
const MAX_LOG_BYTES = 5_000_000;

export async function openTemporalHome(dataDirectory: string): Promise<TemporalHome> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  return {
    database: join(dataDirectory, 'temporal.sqlite'),
    firstStartMarker: join(dataDirectory, 'temporal.first-start'),
    state: join(dataDirectory, 'temporal.json'),
    startLock: join(dataDirectory, 'temporal.lock'),
    logFile: join(dataDirectory, 'temporal.log'),
  };
}

/**
 * Attaches to the dev server of this home or starts one, and waits until it serves the namespace. Call it with the start lock held.
 * @throws {Error} when the wanted port is taken, or the server does not come up
 */
export async function launchTemporal(launch: TemporalLaunch): Promise<RunningTemporal> {
  const { home, namespace } = launch;
  const known = await readTemporalState(home.state);
  if (known && (await comesUp(known, namespace))) {
    return { process: known.process, address: addressOf(known.port), attached: true };
  }
  // A survivor that does not serve still holds the database file.
  if (known) await terminate(known.process);

  const binary = await launch.findBinary();
  await rotateLog(home.logFile, MAX_LOG_BYTES);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    await prepareDatabase(home);
    const port = await choosePort(launch.port, known?.port);
    const state = await spawnTemporal(launch, binary, port);
    if (!state) continue;
    if (await comesUp(state, namespace)) {
      await rm(home.firstStartMarker, { force: true });
      return { process: state.process, address: addressOf(port), attached: false };
    }
    await terminate(state.process);
  }
  throw new Error(`The Temporal dev server did not start; ${home.logFile} says why.`);
}

/** Ends a server: asks it to, then kills it. It keeps what it has committed either way. */
export async function terminate(process: ProcessIdentity): Promise<void> {
  for (const [signal, patience] of [
    ['SIGTERM', TERMINATE_DEADLINE_MS],
    ['SIGKILL', KILL_DEADLINE_MS],
  ] as const) {
    if (!(await isRunning(process))) return;
    sendSignal(process.pid, signal);
    if (await awaitExit(process, AbortSignal.timeout(patience))) return;
  }
  throw new Error(`The Temporal dev server (pid ${process.pid}) does not stop.`);
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself a moment ago.
    if (!hasErrorCode(error, 'ESRCH')) throw error;
  }
}

/** Waits until the server serves. @returns false as soon as its process has ended, or when it takes too long */
async function comesUp(state: TemporalState, namespace: string): Promise<boolean> {
  const answer = await waitUntil(async () => {
    if (!(await isRunning(state.process))) return false;
    // A gRPC client that finds nobody waits a second before it looks again; a plain connection tells at once.
    if (!(await isListening(state.port))) return undefined;
    return (await servesNamespace(addressOf(state.port), namespace)) ? true : undefined;
  }, AbortSignal.timeout(START_DEADLINE_MS));
  return answer ?? false;
}

/** The remembered port keeps workers and clients that are still running connected across a restart. */
async function choosePort(wanted: number | undefined, remembered: number | undefined): Promise<number> {
  const preferred = wanted ?? remembered ?? DEFAULT_PORT;
  if (await isPortFree(preferred)) return preferred;
  if (wanted === undefined) return await findFreePort();
  throw new Error(`Port ${wanted} is in use: stop the program that listens there, or choose another Temporal port.`);
}

/**
 * The dev server creates its schema only in a file that does not exist. If it was killed in the middle of that, nobody has used the
 * database yet and it is made anew.
 */
async function prepareDatabase(home: TemporalHome): Promise<void> {
  if (await fileExists(home.firstStartMarker)) {
    await Promise.all(['', '-wal', '-shm'].map((suffix) => rm(`${home.database}${suffix}`, { force: true })));
  }
  if (!(await fileExists(home.database))) await writeFile(home.firstStartMarker, '');
}

async function fileExists(file: string): Promise<boolean> {
  try {
    await stat(file);
    return true;
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return false;
    throw error;
  }
}

async function spawnTemporal(launch: TemporalLaunch, binary: string, port: number): Promise<TemporalState | undefined> {
  const { process } = await spawnServer({
    program: binary,
    args: serverArguments(launch, port),
    logFile: launch.home.logFile,
    environment: withoutTemporalSettings(launch.environment),
  });
  if (!process) return undefined;
  const state = { port, process };
  await writeTemporalState(launch.home.state, state);
  return state;
}

function serverArguments({ home, namespace }: TemporalLaunch, port: number): readonly string[] {
  const place = ['--ip', '127.0.0.1', '--port', String(port), '--db-filename', home.database];
  // Measured: the two pragmas double the workflows per second; a committed transaction survives a crash of the process.
  const pragmas = ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL'];
  const tuning = ['--dynamic-config-value', 'frontend.enableServerVersionCheck=false', '--log-level', 'warn'];
  return ['server', 'start-dev', '--headless', '--namespace', namespace, ...place, ...pragmas, ...tuning];
}

/** Settings of the Temporal CLI in the environment are meant for its clients (address, profile), not for our server. */
function withoutTemporalSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !name.startsWith('TEMPORAL_')));
}

function addressOf(port: number): string {
  return `127.0.0.1:${port}`;
}
