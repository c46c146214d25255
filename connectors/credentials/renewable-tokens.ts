import type { ConnectionId, TenantId } from '../../src/domain/ids.ts';
import type { KeptTokens, Renewal, TokenStore } from '../../src/domain/tokens.ts';
import { NoAccessTokenError, type AccessTokens, type AfterRefusal } from './access-tokens.ts';
import type { OpenFlow } from './token-flow.ts';

export interface RenewableTokensOptions {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly open: OpenFlow;
  readonly store: TokenStore;
  readonly now: () => Date;
}

/** A token is renewed this long before it ends, so that it does not end on its way. */
const MARGIN_MS = 120_000;
/** Of a short life, no more than this share is given away. */
const MARGIN_SHARE = 0.2;
/** A token that is the answer to a refusal and is itself refused within this time was not refused for its age. */
const STILL_NEW_MS = 60_000;
/** After this long the store is looked into although the token is still good: somebody may have signed in anew. */
const LOOK_AGAIN_MS = 60_000;

/** Tokens that a token endpoint issues; kept in the store, where all processes find them. */
export function createRenewableTokens(options: RenewableTokensOptions): AccessTokens {
  const { store, now } = options;
  let kept: KeptTokens | undefined;
  /** The generation that the CRM has refused: not to be sent again. */
  let refusedGeneration: number | undefined;
  /** The generation that came in the place of a refused one. */
  let replacement: number | undefined;
  let renewing: Promise<Renewal> | undefined;
  /** When the store was last looked into. */
  let lookedAt = 0;

  /** @param marginMs how much of its life must be left. */
  function isGood(tokens: KeptTokens, marginMs: number): boolean {
    if (tokens.generation === refusedGeneration) return false;
    if (tokens.expiresAt === undefined) return true;
    const life = tokens.expiresAt.getTime() - tokens.issuedAt.getTime();
    return tokens.expiresAt.getTime() - now().getTime() > Math.min(marginMs, life * MARGIN_SHARE);
  }

  /** Looks into the store before it asks for a renewal: another process may have made one. */
  async function renew(): Promise<Renewal> {
    const { tenantId, connectionId } = options;
    const flow = await options.open();
    const owner = { tenantId, connectionId, lineage: flow.lineage };
    const stored = await store.current(owner);
    kept = stored;
    lookedAt = now().getTime();
    if (stored !== undefined && isGood(stored, MARGIN_MS)) return { kind: 'renewed', tokens: stored };
    return store.renew(owner, stored?.generation, (refreshToken) => flow.ask(refreshToken));
  }

  /** One at a time in this process; the store sees to it among processes. */
  async function renewOnce(): Promise<Renewal> {
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    const renewal = await renewing;
    if (renewal.kind === 'renewed') kept = renewal.tokens;
    return renewal;
  }

  async function refused(token: string): Promise<AfterRefusal> {
    if (kept?.accessToken !== token) return 'renewed';
    const isNew = now().getTime() - kept.issuedAt.getTime() < STILL_NEW_MS;
    if (kept.generation === replacement && isNew) return 'broken';
    refusedGeneration = kept.generation;
    const renewal = await renewOnce();
    if (renewal.kind === 'failed') return renewal.failure.kind === 'passing' ? 'later' : 'broken';
    replacement = renewal.tokens.generation;
    return 'renewed';
  }

  return {
    accessToken: async () => {
      const isFresh = Math.abs(now().getTime() - lookedAt) < LOOK_AGAIN_MS;
      if (kept !== undefined && isFresh && isGood(kept, MARGIN_MS)) return kept.accessToken;
      const renewal = await renewOnce();
      if (renewal.kind === 'renewed') return renewal.tokens.accessToken;
      // The margin is there for this: the token endpoint may be away for a moment.
      const last = kept;
      if (renewal.failure.kind === 'passing' && last !== undefined && isGood(last, 0)) return last.accessToken;
      throw new NoAccessTokenError(renewal.failure, waitMs(renewal.retryAt, now()));
    },
    refused,
  };
}

function waitMs(until: Date | undefined, now: Date): number | undefined {
  return until === undefined ? undefined : Math.max(0, until.getTime() - now.getTime());
}
