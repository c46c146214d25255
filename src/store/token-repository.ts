import type { Selectable, Transaction } from 'kysely';
import type {
  KeptTokens,
  Renewal,
  SignedInTokens,
  SignInKept,
  TokenAnswer,
  TokenFailure,
  TokenOwner,
  TokenStore,
} from '../domain/tokens.ts';
import type { Database } from './database.ts';
import type { Schema } from './schema.ts';
import { StoreError } from './store-error.ts';
import type { Vault } from './vault.ts';

/** After a try that failed, the next one is not made sooner, whoever asks. */
const RETRY_AFTER_MS = 30_000;

/**
 * Tokens of connections, sealed, shared by all processes.
 *
 * A renewal holds the row's lock while it asks the vendor: with refresh token rotation a second use of the same token
 * would end the customer's authorisation. So `ask` must end within a few seconds, well under the statement time-out of
 * those who wait.
 */
export function createTokenRepository(db: Database, vault: Vault, clock: () => Date): TokenStore {
  return {
    current: async (owner) => {
      const lineage = await hashLineage(vault, owner);
      const row = await db
        .selectFrom('tokens')
        .selectAll()
        .where('connection_id', '=', owner.connectionId)
        .executeTakeFirst();
      return row !== undefined && isOf(row, lineage) ? openTokens(vault, owner, row) : undefined;
    },
    renew: async (owner, generationSeen, ask) => {
      // Before the transaction: loading the tenant's key takes a connection of its own.
      const lineage = await hashLineage(vault, owner);
      let answered: TokenAnswer | undefined;
      const askOnce = async (refreshToken: string | undefined) => (answered ??= await ask(refreshToken));
      const renewal = { vault, owner, lineage, generationSeen, ask: askOnce, clock };
      try {
        return await inTransaction(db, renewal);
      } catch (error) {
        // The vendor has answered and the old refresh token may be void: what it issued must not get lost with a
        // connection that broke.
        if (answered === undefined || !(error instanceof StoreError && error.retryable)) throw error;
        return await inTransaction(db, renewal);
      }
    },
    signIn: async (owner, tokens, { supersedes, replace }) => {
      const [lineage, superseded] = await Promise.all([
        hashLineage(vault, owner),
        supersedes === undefined ? null : hashLineage(vault, { ...owner, lineage: supersedes }),
      ]);
      return keepSignIn(db, { vault, owner, lineage, superseded, tokens, replace, issuedAt: clock() });
    },
  };
}

interface SignInRequest {
  readonly vault: Vault;
  readonly owner: TokenOwner;
  readonly lineage: Buffer;
  readonly superseded: Buffer | null;
  readonly tokens: SignedInTokens;
  readonly replace: boolean;
  readonly issuedAt: Date;
}

/** Waits for a renewal that is under way: its answer is of the tokens before, and must not come over these. */
function keepSignIn(db: Database, request: SignInRequest): Promise<SignInKept> {
  const { vault, owner, lineage, superseded, tokens, replace, issuedAt } = request;
  return db.transaction().execute(async (transaction) => {
    const row = await lockRow(transaction, request);
    const other = row.account === tokens.account ? null : row.account;
    if (other !== null && !replace) return { kind: 'other_account', account: other };
    await transaction
      .updateTable('tokens')
      .set({
        lineage,
        supersedes: superseded,
        generation: Number(row.generation) + 1,
        account: tokens.account,
        access_token: await vault.seal(owner.tenantId, contextOf(owner, 'access'), tokens.accessToken),
        refresh_token: await vault.seal(owner.tenantId, contextOf(owner, 'refresh'), tokens.refreshToken),
        issued_at: issuedAt,
        expires_at: tokens.expiresAt ?? null,
        ...NO_FAILURE,
      })
      .where('connection_id', '=', owner.connectionId)
      .execute();
    // Records of another account: their ids mean other people here, or nobody.
    if (other !== null) {
      await transaction.deleteFrom('people').where('connection_id', '=', owner.connectionId).execute();
    }
    return { kind: 'kept' };
  });
}

const NO_FAILURE = { failure_kind: null, failure_code: null, failed_at: null } as const;

/** Whether the tokens of a row are in force for credentials of this lineage. */
function isOf(row: Pick<TokenRow, 'lineage' | 'supersedes'>, lineage: Buffer): boolean {
  return row.lineage.equals(lineage) || row.supersedes?.equals(lineage) === true;
}

interface RenewalRequest {
  readonly vault: Vault;
  readonly owner: TokenOwner;
  readonly lineage: Buffer;
  readonly generationSeen: number | undefined;
  readonly ask: (refreshToken: string | undefined) => Promise<TokenAnswer>;
  readonly clock: () => Date;
}

type TokenRow = Selectable<Schema['tokens']>;

function inTransaction(db: Database, request: RenewalRequest): Promise<Renewal> {
  return db.transaction().execute(async (transaction) => {
    const row = await lockRow(transaction, request);
    const ours = isOf(row, request.lineage) ? row : undefined;
    const known = ours === undefined ? undefined : await alreadyDecided(request, ours);
    if (known !== undefined) return known;
    const answer = await request.ask(ours === undefined ? undefined : await refreshTokenOf(request, ours));
    return answer.kind === 'issued'
      ? saveIssued(transaction, request, row, answer)
      : saveFailure(transaction, request, row, answer);
  });
}

/** The first to come makes the row; all others wait here until it is done. */
async function lockRow(
  transaction: Transaction<Schema>,
  { owner: { tenantId, connectionId }, lineage }: Pick<RenewalRequest, 'owner' | 'lineage'>,
): Promise<TokenRow> {
  await transaction
    .insertInto('tokens')
    .values({ connection_id: connectionId, tenant_id: tenantId, lineage })
    .onConflict((conflict) => conflict.column('connection_id').doNothing())
    .execute();
  return transaction
    .selectFrom('tokens')
    .selectAll()
    .where('connection_id', '=', connectionId)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** What needs no call: somebody else has renewed meanwhile, the credentials are void, or a try failed just now. */
async function alreadyDecided(request: RenewalRequest, row: TokenRow): Promise<Renewal | undefined> {
  const tokens = await openTokens(request.vault, request.owner, row);
  if (tokens !== undefined && tokens.generation !== request.generationSeen) return { kind: 'renewed', tokens };
  const { failure_kind: kind, failure_code: code, failed_at: failedAt } = row;
  if (kind === null || code === null || failedAt === null) return undefined;
  const failure: TokenFailure = { kind, code };
  if (kind === 'revoked') return { kind: 'failed', failure, retryAt: undefined };
  const retryAt = retryAfter(failedAt);
  return retryAt > request.clock() ? { kind: 'failed', failure, retryAt } : undefined;
}

async function saveIssued(
  transaction: Transaction<Schema>,
  request: RenewalRequest,
  row: TokenRow,
  answer: Extract<TokenAnswer, { kind: 'issued' }>,
): Promise<Renewal> {
  const { vault, owner, lineage } = request;
  const { accessToken, refreshToken, expiresAt, account } = answer;
  const issuedAt = request.clock();
  const generation = Number(row.generation) + 1;
  // A vendor that sends no new refresh token keeps the old one in force.
  const keptRefreshToken = isOf(row, lineage) ? row.refresh_token : null;
  await transaction
    .updateTable('tokens')
    .set({
      ...(isOf(row, lineage) ? {} : { lineage, supersedes: null }),
      generation,
      account: account ?? row.account,
      access_token: await vault.seal(owner.tenantId, contextOf(owner, 'access'), accessToken),
      refresh_token:
        refreshToken === undefined
          ? keptRefreshToken
          : await vault.seal(owner.tenantId, contextOf(owner, 'refresh'), refreshToken),
      issued_at: issuedAt,
      expires_at: expiresAt ?? null,
      ...NO_FAILURE,
    })
    .where('connection_id', '=', owner.connectionId)
    .execute();
  return { kind: 'renewed', tokens: { generation, accessToken, issuedAt, expiresAt } };
}

/** Tokens of an earlier lineage go with it: they belong to credentials that are no longer configured. */
async function saveFailure(
  transaction: Transaction<Schema>,
  { owner, lineage, clock }: RenewalRequest,
  row: TokenRow,
  failure: TokenFailure,
): Promise<Renewal> {
  const failedAt = clock();
  const nothing = { access_token: null, refresh_token: null, issued_at: null, expires_at: null };
  await transaction
    .updateTable('tokens')
    .set({
      ...(isOf(row, lineage) ? {} : { ...nothing, lineage, supersedes: null }),
      failure_kind: failure.kind,
      failure_code: failure.code,
      failed_at: failedAt,
    })
    .where('connection_id', '=', owner.connectionId)
    .execute();
  return { kind: 'failed', failure, retryAt: failure.kind === 'revoked' ? undefined : retryAfter(failedAt) };
}

async function openTokens(vault: Vault, owner: TokenOwner, row: TokenRow): Promise<KeptTokens | undefined> {
  if (row.access_token === null || row.issued_at === null) return undefined;
  const opened = await vault.open(owner.tenantId, contextOf(owner, 'access'), row.access_token);
  return {
    generation: Number(row.generation),
    accessToken: opened.toString(),
    issuedAt: row.issued_at,
    expiresAt: row.expires_at ?? undefined,
  };
}

async function refreshTokenOf({ vault, owner }: RenewalRequest, row: TokenRow): Promise<string | undefined> {
  if (row.refresh_token === null) return undefined;
  return (await vault.open(owner.tenantId, contextOf(owner, 'refresh'), row.refresh_token)).toString();
}

function hashLineage(vault: Vault, owner: TokenOwner): Promise<Buffer> {
  return vault.fingerprint(owner.tenantId, `token-lineage:${owner.connectionId}`, owner.lineage);
}

function contextOf(owner: TokenOwner, token: 'access' | 'refresh'): string {
  return `token:${owner.connectionId}:${token}`;
}

function retryAfter(failedAt: Date): Date {
  return new Date(failedAt.getTime() + RETRY_AFTER_MS);
}
