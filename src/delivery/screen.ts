import { settledAs, stillActive } from '../domain/outcome.ts';
import type { DeliveryPolicy } from './policy.ts';
import { settle, split, type Loaded, type Settled, type StepResult } from './steps.ts';

/**
 * Settles what needs no look at the CRM: conversations that go on, and callers nobody can recognise. A request for a
 * person passes every screen: its task must be written whoever called.
 */
export function screen(loaded: readonly Loaded[], now: Date, policy: DeliveryPolicy): StepResult<Loaded> {
  return split(loaded.map((item) => screenOne(item, now, policy)));
}

function screenOne(loaded: Loaded, now: Date, policy: DeliveryPolicy): Loaded | Settled {
  if (loaded.known.handoff !== undefined) return loaded;
  if (!loaded.known.ended) {
    const waiting = stillActive(loaded.row, 'conversation_active', now, policy);
    if (waiting !== undefined) return settle(loaded, waiting);
  }
  switch (loaded.caller.kind) {
    case 'identified':
      return loaded;
    case 'withheld':
      return settle(loaded, settledAs('caller_withheld'));
    case 'unidentified':
      return settle(loaded, settledAs('no_caller_identity'));
  }
}
