import { preview, type Preview, type PreviewDependencies } from '../../delivery/preview.ts';
import type { Connection } from '../../domain/connection.ts';
import type { CrmKind } from '../../domain/crm.ts';
import type { ConnectionId, ConversationId } from '../../domain/ids.ts';
import type { MappingWarning } from '../../mapping/document/problem.ts';
import type { Store } from '../../store/store.ts';
import type { ConfigurationProblem } from './configuration-problem.ts';
import { differenceOf, type PlanDifference } from './plan-difference.ts';
import { describeAccount, readDraftForm, validateDraft, type Draft, type DraftForm } from './plan-draft.ts';
import { effectOf, type PlanEffect } from './plan-effect.ts';

/** Which conversations are planned: one, or those of each connection that changed last. */
type PlanSelection = { readonly conversationId: ConversationId } | { readonly last: number };

export interface PlanRequest {
  readonly selection: PlanSelection;
  /** Undefined for every connection; with a draft, for every one of its CRM. */
  readonly connectionId: ConnectionId | undefined;
  /** A mapping document to compare with the one in force. */
  readonly draft: DraftToTry | undefined;
}

interface DraftToTry {
  /** YAML or JSON. */
  readonly text: string;
  /** With clients of its own: what the others have learned of the account would make the draft look cheaper. */
  readonly dependencies: PreviewDependencies;
}

export interface PlanDependencies extends PreviewDependencies {
  readonly connections: Pick<Store['connections'], 'list'>;
  readonly ledger: Pick<Store['ledger'], 'peek'>;
}

/** What would be written, and where. */
export type PlanResult =
  | { readonly kind: 'planned'; readonly connections: readonly ConnectionPlan[] }
  | { readonly kind: 'unknown_connection'; readonly connectionId: ConnectionId }
  | {
      readonly kind: 'unknown_conversation';
      readonly conversationId: ConversationId;
      readonly connectionId: ConnectionId | undefined;
    }
  | {
      readonly kind: 'invalid_mapping';
      /** The connection whose account it does not fit; undefined when it fits none. */
      readonly connectionId: ConnectionId | undefined;
      readonly problems: readonly ConfigurationProblem[];
    };

/** The plans at one connection. */
export type ConnectionPlan =
  | ({ readonly kind: 'previewed'; readonly connectionId: ConnectionId; readonly crm: CrmKind } & PlannedSet & {
        readonly draft: DraftedSet | undefined;
      })
  /** The CRM has asked for rest, so that nothing was asked of it. */
  | {
      readonly kind: 'left_alone';
      readonly connectionId: ConnectionId;
      readonly until: Date;
      readonly reason: string | undefined;
    };

/** Plans by one mapping, and what they come to. */
interface PlannedSet {
  readonly preview: Preview;
  readonly effect: PlanEffect;
}

/** The same conversations by the draft. */
export interface DraftedSet extends PlannedSet {
  /** The version it would have when it is applied as it is. */
  readonly mappingVersion: string;
  /** What the draft risks. */
  readonly warnings: readonly MappingWarning[];
  readonly difference: PlanDifference;
}

/** For one connection and one mapping; a thousand conversations are ten batches. */
const DEADLINE_MS = 10 * 60_000;
const DESCRIBE_DEADLINE_MS = 60_000;

/**
 * Plans conversations as a delivery would now, by the mapping in force and, where one is given, by a draft. Writes nothing
 * anywhere. A draft that has a mistake is tried at no connection. Rejects only for our database.
 */
export async function planConversations(request: PlanRequest, dependencies: PlanDependencies): Promise<PlanResult> {
  const { connectionId, selection, draft } = request;
  const all = await dependencies.connections.list();
  const named = connectionId === undefined ? all : all.filter(({ id }) => id === connectionId);
  if (connectionId !== undefined && named.length === 0) return { kind: 'unknown_connection', connectionId };
  const trial = draft === undefined ? NO_TRIAL : await prepareTrial(draft, named, connectionId !== undefined);
  if (trial.kind === 'invalid_mapping') return trial;
  const connections: ConnectionPlan[] = [];
  for (const connection of named) {
    const drafted = trial.drafts.get(connection.id);
    if (draft !== undefined && drafted === undefined) continue;
    const plan = await planAt(connection, selection, dependencies, drafted);
    if (plan !== undefined) connections.push(plan);
  }
  if (connections.length === 0 && 'conversationId' in selection) {
    return { kind: 'unknown_conversation', conversationId: selection.conversationId, connectionId };
  }
  return { kind: 'planned', connections };
}

/** A draft that fits an account, and what it is tried with. */
interface TriedDraft extends Extract<Draft, { kind: 'valid' }> {
  readonly dependencies: PreviewDependencies;
}

interface Trial {
  readonly kind: 'ready';
  /** By connection; one of another CRM is absent. */
  readonly drafts: ReadonlyMap<ConnectionId, TriedDraft>;
}

const NO_TRIAL: Trial = { kind: 'ready', drafts: new Map() };

async function prepareTrial(
  { text, dependencies }: DraftToTry,
  named: readonly Connection[],
  isChosen: boolean,
): Promise<Trial | Extract<PlanResult, { kind: 'invalid_mapping' }>> {
  const form = readDraftForm(text);
  if (form.kind === 'invalid') return { kind: 'invalid_mapping', connectionId: undefined, problems: form.problems };
  // Named by hand, a connection to another CRM is a mistake that the validation explains.
  const fitting = isChosen ? named : named.filter(({ configuration }) => configuration.crm === form.crm);
  if (fitting.length === 0) {
    return { kind: 'invalid_mapping', connectionId: undefined, problems: [nowhereToTry(form)] };
  }
  const drafts = new Map<ConnectionId, TriedDraft>();
  for (const connection of fitting) {
    const description = await describeAccount(connection, dependencies, AbortSignal.timeout(DESCRIBE_DEADLINE_MS));
    const draft = validateDraft(form, connection.configuration.crm, description);
    if (draft.kind === 'invalid') {
      return { kind: 'invalid_mapping', connectionId: connection.id, problems: draft.problems };
    }
    drafts.set(connection.id, { ...draft, dependencies });
  }
  return { kind: 'ready', drafts };
}

function nowhereToTry({ crm, lineOf }: Extract<DraftForm, { kind: 'read' }>): ConfigurationProblem {
  return {
    path: 'crm',
    line: lineOf(['crm']),
    problem: `no connection is to ${crm}`,
    fix: 'write the `crm` of a connection, or add the connection first: crm-sync apply FILE.yaml',
  };
}

async function planAt(
  connection: Connection,
  selection: PlanSelection,
  dependencies: PlanDependencies,
  draft: TriedDraft | undefined,
): Promise<ConnectionPlan | undefined> {
  const { id: connectionId, configuration, state } = connection;
  const wanted = 'last' in selection ? selection : { conversationIds: [selection.conversationId] };
  const rows = await dependencies.ledger.peek({ connectionId, ...wanted });
  if (rows.length === 0 && 'conversationId' in selection) return undefined;
  if (state.kind === 'active' && state.parkedUntil !== undefined && state.parkedUntil > dependencies.now()) {
    return { kind: 'left_alone', connectionId, until: state.parkedUntil, reason: state.parkReason };
  }
  const plan = (by: PreviewDependencies) => preview(by, connection, rows, AbortSignal.timeout(DEADLINE_MS));
  const present = await plan(dependencies);
  return {
    kind: 'previewed',
    connectionId,
    crm: configuration.crm,
    preview: present,
    effect: effectOf(present.conversations),
    draft: draft === undefined ? undefined : compare(present, await plan(tryingOut(draft)), draft),
  };
}

function tryingOut({ dependencies, mapping }: TriedDraft): PreviewDependencies {
  return { ...dependencies, mappingFor: () => mapping };
}

function compare(present: Preview, drafted: Preview, { mapping, warnings }: TriedDraft): DraftedSet {
  return {
    mappingVersion: mapping.version,
    preview: drafted,
    effect: effectOf(drafted.conversations),
    warnings,
    difference: differenceOf(present.conversations, drafted.conversations),
  };
}
