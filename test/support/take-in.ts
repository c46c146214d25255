import type { WebhookEvent } from '../../sandbox/personadesk/index.ts';
import type { DuePolicy } from '../../src/domain/due-time.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { parseEvent } from '../../src/intake/parse-event.ts';
import type { Store } from '../../src/store/store.ts';

/** Takes events in as the intake does once they are verified: for thousands at once, past its rate limit and HTTP. */
export async function takeIn(
  store: Pick<Store, 'inbox'>,
  tenantId: TenantId,
  events: readonly WebhookEvent[],
  { now, policy }: { readonly now: Date; readonly policy: DuePolicy },
): Promise<void> {
  const accepted = events.map((event) => {
    const parsed = parseEvent(Buffer.from(JSON.stringify(event)), tenantId);
    if (!parsed.ok) throw new Error(`the event is ${parsed.problem.code}`);
    return parsed.event;
  });
  await store.inbox.accept(accepted, { now, policy, retentionMs: 86_400_000 });
}
