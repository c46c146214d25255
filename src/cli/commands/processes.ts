import { environmentOfProcess } from '../../runtime/environment.ts';
import type { ExitCode } from '../command-outcome.ts';

/** Runs everything on this machine until it is stopped. */
export async function start(options: {
  readonly demo: boolean;
  readonly print: (line: string) => void;
}): Promise<ExitCode> {
  const { runStart } = await import('../../runtime/start.ts');
  return runStart({ environment: environmentOfProcess(), ...options });
}

/** Runs one process until it is stopped. Each loads only what it needs. */
export async function serve(process: 'intake' | 'worker' | 'admin' | 'sandbox'): Promise<ExitCode> {
  const environment = environmentOfProcess();
  switch (process) {
    case 'intake':
      return (await import('../../runtime/intake-process.ts')).runIntake(environment);
    case 'worker':
      return (await import('../../runtime/worker-process.ts')).runWorker(environment);
    case 'admin':
      return (await import('../../runtime/admin-process.ts')).runAdmin(environment);
    case 'sandbox':
      return (await import('../../runtime/sandbox-process.ts')).runSandbox(environment);
  }
}
