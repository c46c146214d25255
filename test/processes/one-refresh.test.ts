import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTokenEndpoint, type TokenEndpoint } from '../connectors/credentials/token-endpoint.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import type { TokenProcessOptions, TokenReply, TokenRequest } from './token-process.ts';

/** HubSpot's access tokens live half an hour. */
const LIFETIME_SECONDS = 1_800;
const CALLERS = 10;
const ROUNDS = 10;

let database: TestDatabase;
let endpoint: TokenEndpoint;
let workers: readonly ChildProcess[];

beforeAll(async () => {
  database = await createTestDatabase();
  endpoint = await startTokenEndpoint({ refreshToken: 'configured', expiresInSeconds: LIFETIME_SECONDS });
  const oauth = { clientId: 'our-app', clientSecret: { env: 'SECRET' }, refreshToken: { env: 'REFRESH' } };
  const options: TokenProcessOptions = {
    databaseUrl: database.url,
    masterKey: randomBytes(32).toString('base64'),
    connectionId: 'one-refresh',
    access: { crm: 'hubspot', baseUrl: endpoint.url, credentials: { oauth } },
    secrets: { SECRET: 'client-secret', REFRESH: 'configured' },
    callers: CALLERS,
  };
  const start = () => fork(join(import.meta.dirname, 'token-process.ts'), [JSON.stringify(options)], { execArgv: [] });
  workers = [start(), start()];
  await Promise.all(workers.map(nextMessage));
});
afterAll(async () => {
  for (const worker of workers) worker.disconnect();
  await Promise.all(workers.map((worker) => once(worker, 'exit')));
  await endpoint.close();
  await database.drop();
});

describe('two worker processes with one token that ends', () => {
  it('refresh it once whenever it ends, with rotation and at the same moment, and nobody is logged out', async () => {
    const start = Date.now();
    for (let round = 1; round <= ROUNDS; round += 1) {
      const request: TokenRequest = { nowMs: start + round * LIFETIME_SECONDS * 1_000 };
      const replies = await Promise.all(workers.map((worker) => ask(worker, request)));
      const got = replies.flat();
      expect(got.filter(({ failure }) => failure !== undefined)).toEqual([]);
      const tokens = new Set(got.map(({ token }) => token));
      expect([round, got.length, tokens.size, endpoint.issued]).toEqual([round, workers.length * CALLERS, 1, round]);
      expect([...tokens].map((token) => endpoint.accepts(token ?? ''))).toEqual([true]);
    }
    // Each refresh token was sent once: a second use would have ended the authorisation for both.
    expect(new Set(endpoint.forms.map((form) => form.refresh_token)).size).toBe(ROUNDS);
  });
});

async function ask(worker: ChildProcess, request: TokenRequest): Promise<TokenReply> {
  const reply = nextMessage(worker);
  worker.send(request);
  return (await reply) as TokenReply; // our own child's
}

async function nextMessage(worker: ChildProcess): Promise<unknown> {
  const died = new AbortController();
  const onExit = () => died.abort(new Error('a worker process died'));
  worker.once('exit', onExit);
  try {
    const [message] = (await once(worker, 'message', { signal: died.signal })) as readonly unknown[]; // as events are
    return message;
  } finally {
    worker.off('exit', onExit);
  }
}
