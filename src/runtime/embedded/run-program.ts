import { spawn } from 'node:child_process';

/** In the words of `child_process.spawn`. */
export interface OsUser {
  readonly uid: number;
  readonly gid: number;
}

export interface ProgramResult {
  /** `undefined` when the program could not be started at all, or was ended by a signal. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
}

export interface ProgramOptions {
  /** Run as this user instead of the current one. */
  readonly user?: OsUser | undefined;
  readonly workingDirectory?: string;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Runs a program to its end. Its messages are dropped; what it prints on standard output is the answer. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  return await new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.workingDirectory ?? '/',
      stdio: ['ignore', 'pipe', 'ignore'],
      ...(options.environment && { env: options.environment }),
      ...options.user,
    });
    let stdout = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.once('error', () => resolve({ exitCode: undefined, stdout }));
    child.once('close', (code) => resolve({ exitCode: code ?? undefined, stdout }));
  });
}
