import type { PlanDependencies, PlanRequest, PlanResult } from '../../admin/services/plan-conversations.ts';
import { planJson } from '../../admin/services/plan-json.ts';
import { conversationBlocks, isComplete, planHints, selectionBlocks } from '../../admin/services/plan-text.ts';
import { counted } from '../../admin/wording.ts';
import type { DeliveryEvents } from '../../delivery/dependencies.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import type { Store } from '../../store/store.ts';
import { connectionArgument, conversationArgument, countArgument } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { UsageError } from '../command-failure.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { paintStates } from '../paint.ts';
import { problemText } from '../problem-text.ts';
import { withServices } from '../with-services.ts';
import { readNamedFile } from './read-file.ts';

interface PlanArguments {
  readonly conversation: string | undefined;
  readonly connection?: string;
  /** True without a number. */
  readonly last?: string | true;
  readonly mapping?: string;
}

/** How many are planned when nobody says it, and at most. */
const LAST = { usual: 200, most: 1_000 };

/** Says what would be written, for one conversation or for those that changed last; nothing is written. */
export async function plan(named: PlanArguments, context: CommandContext): Promise<CommandOutcome> {
  const selection = selectionOf(named);
  const connectionId = named.connection === undefined ? undefined : connectionArgument(named.connection);
  const draftText = named.mapping === undefined ? undefined : await readNamedFile(named.mapping);
  return withServices(environmentOfProcess(), async ({ store }) => {
    const [{ planConversations }, clients] = await Promise.all([
      import('../../admin/services/plan-conversations.ts'),
      openClients(store, context),
    ]);
    try {
      const { present, drafted } = clients;
      const draft = draftText === undefined ? undefined : { text: draftText, dependencies: drafted };
      return outcomeOf(await planConversations({ selection, connectionId, draft }, present), selection, context);
    } finally {
      await clients.close();
    }
  });
}

function selectionOf({ conversation, last }: PlanArguments): PlanRequest['selection'] {
  if (conversation === undefined && last === undefined) {
    throw new UsageError('Say what to plan: a conversation id, or --last N.');
  }
  if (conversation !== undefined && last !== undefined) {
    throw new UsageError('Say a conversation id or --last N, not both.');
  }
  if (conversation !== undefined) return { conversationId: conversationArgument(conversation) };
  return { last: last === undefined || last === true ? LAST.usual : countArgument(last, '--last', LAST.most) };
}

interface OpenedClients {
  readonly present: PlanDependencies;
  readonly drafted: PlanDependencies;
  close(): Promise<void>;
}

/** The delivery's own clients, twice; nothing is asked before the first call. Both spend from one budget. */
async function openClients(store: Store, { now, print }: CommandContext): Promise<OpenedClients> {
  // The CRM's and PersonaDesk's clients are loaded only here: a mistyped argument is answered without them.
  const { wireDelivery } = await import('../../runtime/delivery-dependencies.ts');
  const wired = [1, 2].map(() =>
    wireDelivery({
      store,
      events: UNWATCHED,
      onCloseFailure: () => print('A connection to the CRM did not close in order.'),
    }),
  );
  const [present, drafted = present] = wired.map(({ dependencies }) => ({
    ...dependencies,
    store,
    connections: store.connections,
    ledger: store.ledger,
    now,
  }));
  if (present === undefined || drafted === undefined) throw new TypeError('both were wired');
  return {
    present,
    drafted: { ...drafted, budgetFor: present.budgetFor },
    async close() {
      await Promise.all(wired.map((each) => each.close()));
    },
  };
}

/** Nobody scrapes a command's metrics. */
const UNWATCHED: DeliveryEvents = {
  settled: () => undefined,
  request: () => undefined,
  spent: () => undefined,
  stopped: () => undefined,
  unlisted: () => undefined,
};

function outcomeOf(
  result: PlanResult,
  selection: PlanRequest['selection'],
  { colour, now }: CommandContext,
): CommandOutcome {
  const json = planJson(result);
  switch (result.kind) {
    case 'unknown_connection':
      return failed({
        blocks: [`There is no connection ${result.connectionId}.`],
        hints: ['`crm-sync status` lists the connections'],
        json,
      });
    case 'unknown_conversation': {
      const who = result.connectionId === undefined ? 'No connection has' : `${result.connectionId} has not`;
      return failed({
        blocks: [`${who} heard of ${result.conversationId}: there is nothing to plan.`],
        hints: ['no webhook named it yet; `crm-sync status` lists the connections'],
        json,
      });
    }
    case 'invalid_mapping': {
      const at = result.connectionId === undefined ? '' : ` at ${result.connectionId}`;
      const problems = counted(result.problems.length, 'problem');
      return failed({
        blocks: [
          `The mapping cannot be used${at}: ${problems}. Nothing was planned.`,
          ...result.problems.map(problemText),
        ],
        hints: [],
        json,
      });
    }
    case 'planned':
      return plannedOutcome(result, selection, { colour, now: now(), json });
  }
}

function plannedOutcome(
  { connections }: Extract<PlanResult, { kind: 'planned' }>,
  selection: PlanRequest['selection'],
  { colour, now, json }: { readonly colour: boolean; readonly now: Date; readonly json: unknown },
): CommandOutcome {
  if (connections.length === 0) {
    const hints = ['add one: crm-sync apply FILE.yaml'];
    return done({ blocks: ['No connection is configured yet: there is nothing to plan.'], hints, json });
  }
  const blocks = 'last' in selection ? selectionBlocks(connections, now) : conversationBlocks(connections, now);
  const outcome = { blocks: paintStates(blocks, colour), hints: planHints(connections), json };
  return isComplete(connections) ? done(outcome) : failed(outcome);
}
