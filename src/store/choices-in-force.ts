import { sql } from 'kysely';
import type { PersonKey } from '../domain/caller.ts';
import type { CallerChoice, CallerDecision } from '../domain/caller-choice.ts';
import type { ConversationId } from '../domain/ids.ts';
import type { LedgerKey } from '../domain/ledger.ts';
import type { Database } from './database.ts';
import { hashKeys } from './people-repository.ts';
import type { Schema } from './schema.ts';
import type { Vault } from './vault.ts';

/** A conversation that somebody may have decided about. */
export interface Asking {
  readonly conversationId: ConversationId;
  /** Undefined for a caller nobody can recognise. */
  readonly caller: PersonKey | undefined;
}

interface InForceRow {
  /** Which of the asked conversations or callers it is about; from 1. */
  readonly asked: string;
  readonly action: Schema['caller_choices']['action'];
  readonly object: string | null;
  readonly record_id: string | null;
  readonly chosen_at: Date;
}

/** What is in force, by conversation: its own choice before that of its caller. */
export async function findChoicesInForce(
  db: Database,
  vault: Vault,
  { tenantId, connectionId }: Pick<LedgerKey, 'tenantId' | 'connectionId'>,
  conversations: readonly Asking[],
): Promise<ReadonlyMap<ConversationId, CallerChoice>> {
  const callers = [...new Set(conversations.flatMap(({ caller }) => caller ?? []))];
  const placeOf = new Map(callers.map((caller, index) => [caller, index]));
  const hashes = await hashKeys(vault, tenantId, connectionId, callers);
  const newest = sql`order by c.number desc limit 1`;
  const found = sql`select action, object, record_id, chosen_at from caller_choices c
    where c.tenant_id = ${tenantId} and c.connection_id = ${connectionId}`;
  const [own, always] = await Promise.all([
    sql<InForceRow>`
      select a.asked, l.* from unnest(${conversations.map((each) => each.conversationId)}::text[]) with ordinality
        as a (conversation_id, asked)
      cross join lateral (${found} and c.conversation_id = a.conversation_id ${newest}) l`.execute(db),
    sql<InForceRow>`
      select a.asked, l.* from unnest(${hashes}::bytea[]) with ordinality as a (person_key, asked)
      cross join lateral (${found} and c.person_key = a.person_key ${newest}) l`.execute(db),
  ]);
  const ownChoices = new Map(own.rows.flatMap((row) => choiceOf(row, 'conversation')));
  const callerChoices = new Map(always.rows.flatMap((row) => choiceOf(row, 'caller')));
  return new Map(
    conversations.flatMap(({ conversationId, caller }, index) => {
      const ofCaller = caller === undefined ? undefined : callerChoices.get(placeOf.get(caller) ?? -1);
      const choice = ownChoices.get(index) ?? ofCaller;
      return choice === undefined ? [] : [[conversationId, choice] as const];
    }),
  );
}

/** The choice with the place in what was asked; none when it was forgotten. */
function choiceOf(row: InForceRow, scope: CallerChoice['scope']): readonly (readonly [number, CallerChoice])[] {
  const decision = decisionOf(row);
  return decision === undefined ? [] : [[Number(row.asked) - 1, { decision, scope, chosenAt: row.chosen_at }]];
}

/** Undefined for a choice that was taken back. */
export function decisionOf({
  action,
  object,
  record_id: id,
}: Pick<InForceRow, 'action' | 'object' | 'record_id'>): CallerDecision | undefined {
  switch (action) {
    case 'forget':
      return undefined;
    case 'create':
    case 'skip':
      return { action };
    case 'choose':
      if (object === null || id === null) throw new TypeError('a chosen record has an object and an id');
      return { action, ref: { object, id } };
  }
}
