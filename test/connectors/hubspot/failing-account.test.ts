import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiVersion } from '../../../connectors/hubspot/api.ts';
import { createHttpTransport, type HttpTransport } from '../../../connectors/transport/http-transport.ts';
import type { CrmFailure, TaskWrite, WriteResult } from '../../../src/domain/crm.ts';
import { API_VERSIONS, connectAccount, type AccountOptions, type ConnectedAccount } from './connected-account.ts';

let apiVersion: ApiVersion;

const accounts: ConnectedAccount[] = [];

afterEach(async () => {
  for (const account of accounts.splice(0)) await account.stop();
});

describe.each(API_VERSIONS)('HubSpot API %s', (version) => {
  beforeEach(() => {
    apiVersion = version;
  });

  describe('an account that does not let us write', () => {
    it.each<[string, Parameters<ConnectedAccount['sandbox']['injectFault']>[0]['fault'], Partial<CrmFailure>]>([
      [
        'a 500',
        { kind: 'status', status: 500, body: {} },
        { disposition: 'retry', code: 'hubspot.HTTP_500', status: 500 },
      ],
      ["an intermediary's 502 page", { kind: 'html-502' }, { disposition: 'retry', code: 'hubspot.HTTP_502' }],
      ['a broken connection', { kind: 'reset' }, { disposition: 'retry', code: 'network.reset', status: undefined }],
      [
        'a page where an answer belongs',
        { kind: 'status', status: 200, body: '<html>' },
        { disposition: 'retry', code: 'hubspot.UNREADABLE_ANSWER', status: 200 },
      ],
      ['a lock', { kind: 'status', status: 423, body: {} }, { disposition: 'retry', retryAfterMs: 2_000 }],
      [
        'a migration',
        { kind: 'status', status: 477, headers: { 'Retry-After': '60' } },
        { disposition: 'throttle', retryAfterMs: 60_000 },
      ],
    ])('%s is the result of every item, and nothing is sent again', async (_, fault, expected) => {
      const { connector, context, sandbox, requests } = await connected();
      sandbox.injectFault({ match: { path: '/batch/upsert' }, times: 9, fault });
      const results = await connector.upsertTasks(tasks(3), context);
      expect(results.map(failureOf)).toMatchObject([expected, expected, expected]);
      expect(requests).toHaveLength(1);
    });

    it.each([
      ['burst', { perTenSeconds: 0 }, { code: 'hubspot.TEN_SECONDLY_ROLLING', retryAfterMs: 10_000 }],
      ['daily', { perDay: 0 }, { code: 'hubspot.DAILY', retryAfterMs: 3_600_000 }],
    ])(
      'the %s limit says how long to wait, and what has not left by then does not leave',
      async (_, limits, expected) => {
        // 23:00 UTC: an hour before the daily limit is assumed to start over.
        const now = () => Date.UTC(2026, 10, 24, 23);
        const { connector, context, sandbox, requests } = await connected({ connector: { maxConcurrency: 1, now } });
        sandbox.setOptions({ limits });
        const results = await connector.upsertTasks(tasks(350), context);
        expect(results).toHaveLength(350);
        for (const result of results) expect(failureOf(result)).toMatchObject({ disposition: 'throttle', ...expected });
        expect(requests).toHaveLength(1);
      },
    );

    it('a revoked token stops the connection, and is reported once', async () => {
      const { connector, context, sandbox, requests } = await connected({ connector: { maxConcurrency: 1 } });
      sandbox.revokeToken('sandbox-hubspot-token');
      const results = await connector.upsertTasks(tasks(250), context);
      for (const result of results) expect(failureOf(result)).toMatchObject({ disposition: 'reconnect', status: 401 });
      expect(requests).toHaveLength(1);
    });

    it('a missing scope stops the connection', async () => {
      const { connect, context, sandbox } = await connected();
      sandbox.addToken({ token: 'reader', scopes: ['crm.objects.contacts.read'] });
      const reader = connect({ accessToken: () => Promise.resolve('reader') });
      const [result] = await reader.upsertTasks(tasks(1), context);
      expect(failureOf(result)).toMatchObject({
        disposition: 'reconnect',
        code: 'hubspot.MISSING_SCOPES',
        status: 403,
      });
    });

    it('a fresh token is used from the next request on', async () => {
      let token = 'sandbox-hubspot-token';
      const { connect, context, sandbox } = await connected();
      const connector = connect({ accessToken: () => Promise.resolve(token) });
      sandbox.revokeToken(token);
      sandbox.addToken({ token: 'fresh' });
      expect(await connector.upsertTasks(tasks(1), context)).toMatchObject([{ kind: 'refused' }]);
      token = 'fresh';
      expect(await connector.upsertTasks(tasks(1), context)).toMatchObject([{ kind: 'written' }]);
    });

    it.each(['stall', 'stall-body'] as const)('a %s past the time-out ends within the deadline', async (kind) => {
      const { connector, context, sandbox } = await connected({ transport: { totalTimeoutMs: 200 } });
      sandbox.injectFault({ match: { path: '/batch/upsert' }, fault: { kind, ms: 60_000 } });
      const startedAt = performance.now();
      const results = await connector.upsertTasks(tasks(2), context);
      expect(performance.now() - startedAt).toBeLessThan(5_000);
      expect(results.map(failureOf)).toMatchObject([
        { disposition: 'retry', code: 'timeout' },
        { disposition: 'retry', code: 'timeout' },
      ]);
      expect(await connector.upsertTasks(tasks(2), context)).toMatchObject([{ kind: 'written' }, { kind: 'written' }]);
      expect(sandbox.records('tasks')).toHaveLength(2);
    });

    it('a batch that has run out of time sends nothing more', async () => {
      const { connector, sandbox } = await connected();
      const before = sandbox.requestLog().length;
      const results = await connector.upsertTasks(tasks(2), { signal: AbortSignal.abort() });
      expect(results.map(failureOf)).toMatchObject([{ code: 'network.aborted' }, { code: 'network.aborted' }]);
      expect(sandbox.requestLog()).toHaveLength(before);
    });

    it('a failed chunk leaves the other chunks written', async () => {
      const { connector, context, sandbox } = await connected({ connector: { maxConcurrency: 1 } });
      sandbox.injectFault({
        match: { path: '/batch/upsert', nth: 2 },
        fault: { kind: 'status', status: 500, body: {} },
      });
      const results = await connector.upsertTasks(tasks(250), context);
      const kinds = results.map(({ kind }) => kind);
      expect(kinds.slice(0, 100)).toEqual(Array.from({ length: 100 }, () => 'written'));
      expect(kinds.slice(100, 200)).toEqual(Array.from({ length: 100 }, () => 'refused'));
      expect(kinds.slice(200)).toEqual(Array.from({ length: 50 }, () => 'written'));
    });

    it('requests at a time are bounded', async () => {
      const { connect, context, sandbox } = await connected();
      const counting = countInFlight(createHttpTransport());
      const connector = connect({ maxConcurrency: 2, transport: counting.transport });
      await connector.upsertTasks(tasks(600), context);
      await counting.transport.close();
      expect(counting.most()).toBe(2);
      expect(sandbox.records('tasks')).toHaveLength(600);
    });
  });
});

function countInFlight(inner: HttpTransport): { readonly transport: HttpTransport; readonly most: () => number } {
  let inFlight = 0;
  let most = 0;
  const transport: HttpTransport = {
    send: async (request) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      const answer = await inner.send(request);
      inFlight -= 1;
      return answer;
    },
    close: () => inner.close(),
  };
  return { transport, most: () => most };
}

async function connected(options: AccountOptions = {}): Promise<ConnectedAccount> {
  const account = await connectAccount({ ...options, connector: { apiVersion, ...options.connector } });
  accounts.push(account);
  return account;
}

function tasks(count: number): readonly TaskWrite[] {
  return Array.from({ length: count }, (_, index) => ({
    key: `acme/conv_${index}/handoff`,
    fields: { hs_timestamp: '2026-11-24T11:00:00Z', hs_task_subject: 'Call back' },
    person: undefined,
  }));
}

function failureOf(result: WriteResult | undefined): CrmFailure | undefined {
  return result?.kind === 'refused' ? result.failure : undefined;
}
