import { Command, CommanderError } from 'commander';
import { absentAsNull } from '../admin/stable-json.ts';
import { toCommandFailure, type CommandFailure } from './command-failure.ts';
import { EXIT, outcomeText, type CommandOutcome, type ExitCode } from './command-outcome.ts';
import { declareCommands, type RunCommand } from './commands.ts';
import type { Terminal } from './terminal.ts';

/**
 * Runs one command line.
 * @param args without the program's own name.
 * @returns the exit code: 0 done, 1 failed or incomplete, 2 wrong usage, 3 a service is unreachable.
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const json = args.includes('--json');
  let exitCode: ExitCode = EXIT.done;
  const run: RunCommand = async (command) => {
    const print = (line: string) => (json ? terminal.err(`${line}\n`) : terminal.out(`${line}\n`));
    const outcome = await command({ colour: terminal.colour && !json, now: () => new Date(), print });
    if (typeof outcome === 'number') exitCode = outcome;
    else {
      show(outcome, json, terminal);
      exitCode = outcome.exitCode;
    }
  };
  try {
    await program(run, terminal).parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return error instanceof CommanderError ? usageCode(error) : report(toCommandFailure(error), json, terminal);
  }
}

function program(run: RunCommand, terminal: Terminal): Command {
  const root = new Command('crm-sync')
    .description('Gets every PersonaDesk conversation into the CRM, once, and says why.')
    .exitOverride()
    .showHelpAfterError('(add --help for what can be said)')
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) });
  declareCommands(root, run);
  return root;
}

/** The library has printed its message. Its code is 0 for help that was asked for, and 1 for every mistake. */
function usageCode(error: CommanderError): ExitCode {
  return error.exitCode === 0 ? EXIT.done : EXIT.usage;
}

function show(outcome: CommandOutcome, json: boolean, terminal: Terminal): void {
  terminal.out(json ? `${JSON.stringify(outcome.json, absentAsNull, 2)}\n` : outcomeText(outcome));
}

/** With `--json` there is one document on stdout, also when things go wrong. */
function report(failure: CommandFailure, json: boolean, terminal: Terminal): ExitCode {
  const { exitCode, code, message } = failure;
  if (json) terminal.out(`${JSON.stringify({ error: { code, message } }, undefined, 2)}\n`);
  else terminal.err(`${message}\n`);
  return exitCode;
}
