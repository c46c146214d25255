import { setTimeout as delay } from 'node:timers/promises';
import type { AuthorizationOutcome } from '../domain/authorization.ts';
import type { AuthorizationRepository } from '../store/authorization-repository.ts';
import type { CommandContext } from './command-context.ts';

/** What a person who waits is told at last. */
export type WaitedSignIn = AuthorizationOutcome | { readonly kind: 'expired' | 'interrupted' };

const POLL_MS = 500;
/** An exchange takes a few seconds; after this long nobody is at it any more. */
const EXCHANGE_MS = 60_000;
const TELL_EVERY_MS = 60_000;

/** Waits until a sign-in has an outcome, or can have none any more; says once a minute how much time is left. */
export async function waitForSignIn(
  { authorizationId, expiresAt }: { readonly authorizationId: string; readonly expiresAt: Date },
  authorizations: Pick<AuthorizationRepository, 'progress'>,
  { now, print }: Pick<CommandContext, 'now' | 'print'>,
  pollMs: number = POLL_MS,
): Promise<WaitedSignIn> {
  let toldAt = now().getTime();
  for (;;) {
    const progress = await authorizations.progress(authorizationId);
    const at = now().getTime();
    if (progress?.outcome !== undefined) return progress.outcome;
    if (progress?.usedAt !== undefined && at > progress.usedAt.getTime() + EXCHANGE_MS) return { kind: 'interrupted' };
    if (progress?.usedAt === undefined && at > expiresAt.getTime()) return { kind: 'expired' };
    if (at - toldAt >= TELL_EVERY_MS) {
      toldAt = at;
      print(`Still waiting; the address is good for ${Math.ceil((expiresAt.getTime() - at) / 60_000)} min more.`);
    }
    await delay(pollMs);
  }
}
