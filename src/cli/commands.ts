import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { CommandOutcome, ExitCode } from './command-outcome.ts';

/** Runs a command's work; a process that ran until it was stopped gives its exit code instead of an outcome. */
export type RunCommand = (work: (context: CommandContext) => Promise<CommandOutcome | ExitCode>) => Promise<void>;

/**
 * Declares every command. What a command does is loaded only when it is called, so that `--help` and a mistyped flag
 * answer at once.
 */
export function declareCommands(root: Command, run: RunCommand): void {
  declareProcesses(root, run);
  declareConfiguration(root, run);
  declareQuestions(root, run);
  declareActions(root, run);
}

const JSON_HELP = 'print one JSON document';

function declareProcesses(root: Command, run: RunCommand): void {
  root
    .command('start')
    .description('everything on one machine; with no connection configured, a demo')
    .option('--demo', 'run the demo even if connections are configured')
    .option('--json', JSON_HELP)
    .action(async (options: { demo?: boolean }) =>
      run(async ({ print }) => (await import('./commands/processes.ts')).start({ demo: options.demo === true, print })),
    );
  const processes = [
    ['intake', 'takes the webhooks in'],
    ['worker', 'delivers to the CRMs'],
    ['admin', 'the status page'],
  ] as const;
  for (const [name, description] of processes) {
    root
      .command(name)
      .description(`one process: ${description}`)
      .option('--json', JSON_HELP)
      .action(async () => run(async () => (await import('./commands/processes.ts')).serve(name)));
  }
  root
    .command('sandbox', { hidden: true })
    .description('one process: stand-ins for PersonaDesk and HubSpot, for the demo')
    .option('--json', JSON_HELP)
    .action(async () => run(async () => (await import('./commands/processes.ts')).serve('sandbox')));
}

function declareConfiguration(root: Command, run: RunCommand): void {
  root
    .command('apply')
    .description('bring the configuration to what a file says, printing the difference')
    .argument('<file>', 'the configuration, YAML; - reads it from standard input')
    .option('--dry-run', 'only print the difference')
    .option('--json', JSON_HELP)
    .action(async (file: string, options: { dryRun?: boolean }) =>
      run(async () => (await import('./commands/apply.ts')).apply({ file, dryRun: options.dryRun === true })),
    );
  root
    .command('export')
    .description('print the configuration in force; secrets appear as references')
    .option('--json', JSON_HELP)
    .action(async () => run(async () => (await import('./commands/export.ts')).exportInForce()));
}

interface PlanOptions {
  readonly last?: string | true;
  readonly connection?: string;
  readonly mapping?: string;
}

function declareQuestions(root: Command, run: RunCommand): void {
  root
    .command('status')
    .description('how fresh each CRM is, and what needs a person')
    .option('--json', JSON_HELP)
    .action(async () => run(async (context) => (await import('./commands/status.ts')).status(context)));
  root
    .command('explain')
    .description('why a conversation is where it is')
    .argument('<conversation>', 'PersonaDesk conversation id')
    .option('--connection <id>', 'only at this connection')
    .option('--json', JSON_HELP)
    .action(async (conversation: string, options: { connection?: string }) =>
      run(async (context) => (await import('./commands/explain.ts')).explain({ conversation, ...options }, context)),
    );
  root
    .command('plan')
    .description('what would be written for a conversation, or for the last ones; nothing is written')
    .argument('[conversation]', 'PersonaDesk conversation id')
    .option('--last [n]', 'the effect on the last N conversations of each connection (default: 200, at most 1,000)')
    .option('--connection <id>', 'only at this connection')
    .option('--mapping <file>', 'compare with this mapping document, YAML; - reads it from standard input')
    .option('--json', JSON_HELP)
    .action(async (conversation: string | undefined, options: PlanOptions) =>
      run(async (context) => (await import('./commands/plan.ts')).plan({ conversation, ...options }, context)),
    );
  root
    .command('doctor')
    .description('look at a connection as the integration user: is everything there that writing needs?')
    .argument('[connection]', 'connection id (default: every connection)')
    .option('--fix', 'create in the CRM what is missing and may be created')
    .option('--json', JSON_HELP)
    .action(async (connection: string | undefined, options: { fix?: boolean }) =>
      run(async (context) =>
        (await import('./commands/doctor.ts')).doctor({ connection, fix: options.fix === true }, context),
      ),
    );
}

interface RetryOptions {
  readonly reason?: string;
  readonly connection?: string;
}

interface ReviewOptions {
  readonly connection?: string;
  readonly choose?: string;
  readonly create?: true;
  readonly skip?: true;
  readonly always?: true;
  readonly forget?: true;
}

interface TestEventOptions {
  readonly type?: string;
  readonly conversation?: string;
  readonly from?: string;
  readonly eventId?: string;
}

function declareActions(root: Command, run: RunCommand): void {
  root
    .command('retry')
    .description('deliver again: one conversation, or all that wait or ended for a reason or at a connection')
    .argument('[conversation]', 'PersonaDesk conversation id')
    .option('--reason <code>', 'all with this reason code')
    .option('--connection <id>', 'all at this connection')
    .option('--json', JSON_HELP)
    .action(async (conversation: string | undefined, options: RetryOptions) =>
      run(async () => (await import('./commands/retry.ts')).retry({ conversation, ...options })),
    );
  root
    .command('review')
    .description('what waits for a person to choose, oldest first; with a conversation, choose for it')
    .argument('[conversation]', 'PersonaDesk conversation id')
    .option('--connection <id>', 'only at this connection')
    .option('--choose <object:id>', 'it belongs to this record of the CRM, such as contacts:5123')
    .option('--create', 'it belongs to somebody new, who is created')
    .option('--skip', 'it is left out of the CRM')
    .option('--always', 'so do all later conversations of the caller, without asking')
    .option('--forget', 'take back what was chosen for it and its caller')
    .option('--json', JSON_HELP)
    .action(async (conversation: string | undefined, options: ReviewOptions) =>
      run(async (context) => (await import('./commands/review.ts')).review({ conversation, ...options }, context)),
    );
  for (const verb of ['pause', 'resume'] as const) {
    root
      .command(verb)
      .description(verb === 'pause' ? 'stop deliveries of a connection' : 'deliver again, with what waited')
      .argument('<connection>', 'connection id')
      .option('--json', JSON_HELP)
      .action(async (connection: string) =>
        run(async () => (await import('./commands/steer.ts')).steer(verb, connection)),
      );
  }
  root
    .command('authorize')
    .description('let a connection in by signing in at its CRM: prints the address to open, and waits')
    .argument('<connection>', 'connection id')
    .option('--replace', 'take another account than the connection has worked with so far')
    .option('--json', JSON_HELP)
    .action(async (connection: string, options: { replace?: boolean }) =>
      run(async (context) =>
        (await import('./commands/authorize.ts')).authorize({ connection, replace: options.replace === true }, context),
      ),
    );
  root
    .command('send-test-event')
    .description('send a signed event through the real intake')
    .argument('<tenant>', 'PersonaDesk tenant id')
    .option('--type <type>', 'event type (default: conversation.routed)')
    .option('--conversation <id>', 'conversation id (default: conv_123)')
    .option('--from <number>', "the caller's number (default: +15551234567)")
    .option('--event-id <id>', 'event id (default: evt_123, or one of its own when another option is given)')
    .option('--json', JSON_HELP)
    .action(async (tenant: string, options: TestEventOptions) =>
      run(async () => (await import('./commands/send-test-event.ts')).sendTestEvent({ tenant, ...options })),
    );
}
