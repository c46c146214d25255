import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { runCommandLine } from '../../src/cli/command-line.ts';

export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs the command in a process of its own, with nothing of our environment but what is given. */
export async function runCli(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<CliRun> {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exitCode = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await exitCode, stdout, stderr };
}

/** Runs the command in this process, on a terminal of its own without colours. */
export async function runHere(args: readonly string[]): Promise<CliRun> {
  let [stdout, stderr] = ['', ''];
  const exitCode = await runCommandLine(args, {
    out: (more) => void (stdout += more),
    err: (more) => void (stderr += more),
    colour: false,
  });
  return { exitCode, stdout, stderr };
}
