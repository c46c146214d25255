import type { CallContext, Connector } from '../../connectors/connector.ts';
import type { CallerChoice } from '../domain/caller-choice.ts';
import type { Connection } from '../domain/connection.ts';
import type { CrmFailure, PersonRead, RecordRef } from '../domain/crm.ts';
import type { PrepareDependencies } from './dependencies.ts';
import { linkedPerson } from './linked-person.ts';
import type { Loaded } from './steps.ts';

/** What a choice comes to on the day it is used. */
export type TakenChoice =
  | { readonly kind: 'matched'; readonly ref: RecordRef; readonly rule: string }
  | { readonly kind: 'could_not_check'; readonly failure: CrmFailure }
  | { readonly kind: 'skip'; readonly rule: string }
  /** In place of the search: whom we made before is still found by our index. */
  | { readonly kind: 'create'; readonly rule: string }
  /** The chosen record is gone: as if nobody had chosen. It counts again when somebody restores the record. */
  | { readonly kind: 'void'; readonly warning: string };

/**
 * Finds out what people chose for the conversations of a batch, and verifies in the CRM the records they chose. A choice
 * for the conversation itself goes before everything; one for its caller does not move what is written already, and
 * neither makes a second person.
 */
export async function takeChoices(
  deps: Pick<PrepareDependencies, 'store'>,
  { id, tenantId, tenant }: Pick<Connection, 'id' | 'tenantId' | 'tenant'>,
  connector: Pick<Connector, 'readPeople'>,
  loaded: readonly Loaded[],
  context: CallContext,
): Promise<ReadonlyMap<Loaded, TakenChoice>> {
  const inForce = await deps.store.choices.inForce(tenantId, id, loaded.map(asking));
  if (inForce.size === 0) return new Map();
  const choices = loaded.flatMap((item) => {
    const choice = inForce.get(item.row.conversationId);
    return choice === undefined || isOvertaken(choice, item) ? [] : [{ item, choice }];
  });
  const refs = choices.flatMap(({ choice: { decision } }) => (decision.action === 'choose' ? [decision.ref] : []));
  const reads = refs.length === 0 ? [] : await connector.readPeople(refs, [], context);
  const readOf = new Map(refs.map((ref, index) => [ref, reads[index]]));
  return new Map(choices.map(({ item, choice }) => [item, take(choice, readOf, tenant.timezone)]));
}

function asking({ row, caller }: Loaded) {
  return { conversationId: row.conversationId, caller: caller.kind === 'identified' ? caller.key : undefined };
}

function isOvertaken({ scope, decision }: CallerChoice, item: Loaded): boolean {
  return linkedPerson(item) !== undefined && (scope === 'caller' || decision.action === 'create');
}

function take(
  choice: CallerChoice,
  readOf: ReadonlyMap<RecordRef, PersonRead | undefined>,
  timezone: string,
): TakenChoice {
  const { decision } = choice;
  const rule = ruleOf(choice, timezone);
  if (decision.action !== 'choose') return { kind: decision.action, rule };
  const read = readOf.get(decision.ref);
  switch (read?.kind) {
    case undefined:
      throw new TypeError('the connector read fewer people than it was asked for');
    case 'present':
      return { kind: 'matched', ref: read.ref, rule };
    case 'could_not_check':
      return read;
    case 'gone': {
      const { object, id } = decision.ref;
      return { kind: 'void', warning: `${object} ${id}, ${rule}, is no longer in the CRM` };
    }
  }
}

/** `chosen by a person on 24 Nov`, by the tenant's calendar. */
function ruleOf({ scope, chosenAt }: CallerChoice, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone }).format(chosenAt);
  const forWhat = scope === 'caller' ? ' for every conversation of this caller' : '';
  return `chosen by a person on ${day}${forWhat}`;
}
