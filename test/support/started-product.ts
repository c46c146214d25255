import { spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually, freePorts, processTable } from '../runtime/process-table.ts';

/** Starting everything takes about five seconds; a busy machine takes several times as long. */
export const START_MS = 120_000;

/** The command line's entry. */
export const MAIN = resolve('src/cli/main.ts');

export interface Ports {
  readonly admin: number;
  readonly intake: number;
  readonly hubSpot: number;
  readonly variables: Readonly<Record<string, string>>;
}

export async function choosePorts(): Promise<Ports> {
  const [admin = 0, intake = 0, worker = 0, personaDesk = 0, hubSpot = 0, salesforce = 0] = await freePorts(6);
  const variables = {
    CRM_SYNC_ADMIN_PORT: String(admin),
    CRM_SYNC_INTAKE_PORT: String(intake),
    CRM_SYNC_WORKER_METRICS_PORT: String(worker),
    CRM_SYNC_SANDBOX_PERSONADESK_PORT: String(personaDesk),
    CRM_SYNC_SANDBOX_HUBSPOT_PORT: String(hubSpot),
    CRM_SYNC_SANDBOX_SALESFORCE_PORT: String(salesforce),
  };
  return { admin, intake, hubSpot, variables };
}

/** The environment of a test's own process without what would lead a product of ours to other servers. */
export function cleanEnvironment(variables: Readonly<Record<string, string>>): Record<string, string> {
  const inherited = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || /^(CRM_SYNC|TEMPORAL|DATABASE_URL)/.test(name) ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(inherited), ...variables };
}

/** A folder for a data directory that the database server's own user can enter when we are root. */
export async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'crm-sync-process-'));
  await chmod(folder, 0o711);
  return folder;
}

/** `npm start` as a person would see it. */
export class StartedProduct {
  output = '';
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(dataDirectory: string, variables: Readonly<Record<string, string>>) {
    this.process = spawn(process.execPath, [MAIN, 'start'], {
      cwd: tmpdir(),
      env: cleanEnvironment({ ...variables, CRM_SYNC_DATA_DIR: dataDirectory }),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }
    this.ended = new Promise((resolveEnd) => this.process.once('close', resolveEnd));
  }

  get pid(): number {
    return this.process.pid ?? 0;
  }

  async untilRunning(): Promise<void> {
    await eventually(
      'the greeting',
      () => {
        if (this.process.exitCode !== null) throw new Error(`it ended: ${this.output}`);
        return this.output.includes('Ctrl-C stops everything');
      },
      START_MS,
    );
  }

  /** The processes it started and watches. */
  async children(): Promise<readonly number[]> {
    return (await this.#childRows()).map(({ pid }) => pid);
  }

  /** The process that runs this command. */
  async child(command: 'intake' | 'worker' | 'admin'): Promise<number> {
    const row = (await this.#childRows()).find((each) => each.command.endsWith(` ${command}`));
    if (row === undefined) throw new Error(`no ${command} runs`);
    return row.pid;
  }

  async #childRows() {
    return (await processTable()).filter(({ parent, command }) => parent === this.pid && command.includes(MAIN));
  }
}

/** PostgreSQL and Temporal of a data directory; both have its path among their arguments. */
export async function serversOf(dataDirectory: string): Promise<readonly number[]> {
  const rows = (await processTable()).filter(({ command }) => command.includes(`${dataDirectory}/`));
  // A backend that PostgreSQL has just forked shows its parent's arguments for a moment.
  return rows.filter(({ parent }) => !rows.some(({ pid }) => pid === parent)).map(({ pid }) => pid);
}
