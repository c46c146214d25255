import type { Connection } from '../domain/connection.ts';
import { filteredBy } from '../domain/filter-policy.ts';
import { settledAs, stillActive } from '../domain/outcome.ts';
import type { DeliveryPolicy } from './policy.ts';
import { settle, split, type Loaded, type Settled, type StepResult } from './steps.ts';

/** What a screening goes by. */
interface Screening {
  readonly connection: Pick<Connection, 'configuration'>;
  readonly now: Date;
  readonly policy: DeliveryPolicy;
}

/**
 * Settles what needs no look at the CRM: conversations that go on, those that a filter takes out, and callers nobody can
 * recognise. A request for a person passes every screen: its task must be written whoever called.
 */
export function screen(loaded: readonly Loaded[], screening: Screening): StepResult<Loaded> {
  return split(loaded.map((item) => screenOne(item, screening)));
}

function screenOne(loaded: Loaded, { connection, now, policy }: Screening): Loaded | Settled {
  if (loaded.known.handoff !== undefined) return loaded;
  if (!loaded.known.ended) {
    const waiting = stillActive(loaded.row, 'conversation_active', now, policy);
    if (waiting !== undefined) return settle(loaded, waiting);
  }
  const filter = filteredBy(connection.configuration.filters, loaded.judgement.facts);
  if (filter !== undefined) return settle(loaded, settledAs('filtered'), { filter });
  switch (loaded.caller.kind) {
    case 'identified':
      return loaded;
    case 'withheld':
      return settle(loaded, settledAs('caller_withheld'));
    case 'unidentified':
      return settle(loaded, settledAs('no_caller_identity'));
  }
}
