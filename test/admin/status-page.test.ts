import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createAdminApp } from '../../src/admin/app.ts';
import type { E164 } from '../../src/domain/phone.ts';
import { maskedNumber } from '../../src/admin/masked-number.ts';
import {
  applyTenant,
  at,
  conversationId,
  openTestStore,
  restingIn,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { REFUSED_TRACE, settle } from './seed.ts';

const HOSTILE = `<img src=x onerror="alert(1)"> & </style><script>'`;

describe('the status page', () => {
  let opened: TestStore;
  let server: Server;
  let isStoreUp = true;
  const logged: string[] = [];

  beforeAll(async () => {
    opened = await openTestStore();
    const { store } = opened;
    await applyTenant(store, tenantOf('ten_a', ['a-hubspot'], { name: HOSTILE }));
    const place = { tenant: 'ten_a', connection: 'a-hubspot', conversation: 'conv_1' };
    await settle(store, place, restingIn('failed'), { trace: REFUSED_TRACE });
    const registry = new Registry();
    const app = createAdminApp({
      store: { ...store, ping: (deadlineMs) => (isStoreUp ? store.ping(deadlineMs) : Promise.resolve(false)) },
      recentRows: () => store.ledger.find(conversationId('conv_1')),
      clock: () => at(20),
      registry,
      log: (event, fields) => logged.push(`${event} ${JSON.stringify(fields)}`),
    });
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await opened.close();
  });

  interface Answer {
    readonly status: number | undefined;
    readonly headers: Readonly<Record<string, string | string[] | undefined>>;
    readonly body: string;
  }

  function get(path: string, host = '127.0.0.1'): Promise<Answer> {
    const { port } = server.address() as AddressInfo; // a listening TCP server has one
    return new Promise((resolve, reject) => {
      const sent = request({ port, path, host: '127.0.0.1', headers: { host: `${host}:${port}` }, agent: false });
      sent.on('error', reject).on('response', (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      });
      sent.end();
    });
  }

  it('begins with the answer', async () => {
    const { status, body } = await get('/');
    expect(status).toBe(200);
    expect(body).toMatch(
      /<h1>\s*The connection is fresh \(nothing delivered in the last 24 h\)\. 1 conversation needs a person\.\s*<\/h1>/,
    );
  });

  it('escapes a hostile tenant name', async () => {
    const { body } = await get('/');
    expect(body).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &lt;/style&gt;&lt;script&gt;&#39;');
    expect(body).not.toContain('<img');
    expect(body).not.toContain('<script');
  });

  it('shows a state as icon and word, the reason, and who does what', async () => {
    const { body } = await get('/');
    expect(body).toMatch(/<span aria-hidden="true">✗<\/span> failed/);
    expect(body).toContain('The CRM refused this record.');
    expect(body).toContain('sales ops');
  });

  it('shows nothing personal but a masked number', async () => {
    const pages = [await get('/'), await get('/api/v1/status'), await get('/metrics')].map(({ body }) => body).join();
    expect(pages).toContain('+1 555 ***4567');
    for (const personal of ['5551234567', '123-4567', 'Zoë', 'Hot was not']) expect(pages).not.toContain(personal);
  });

  it('may load nothing, run nothing and be framed by nobody, and its style sheet is the one the policy names', async () => {
    const { headers, body } = await get('/');
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(body) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(body).not.toMatch(/https?:|<script|style="/);
  });

  it('is not served under a name that is not this machine', async () => {
    for (const path of ['/', '/api/v1/status']) {
      const { status, body } = await get(path, 'attacker.example');
      expect(status).toBe(421);
      expect(body).not.toContain('a-hubspot');
    }
    expect((await get('/', 'localhost')).status).toBe(200);
  });

  it('has the same answer as JSON', async () => {
    const { body } = await get('/api/v1/status');
    expect(JSON.parse(body)).toMatchObject({
      answer: expect.stringContaining('1 conversation needs a person.'),
      connections: [
        { connectionId: 'a-hubspot', health: 'fresh', healthReason: null, freshness: null, counts: { failed: 1 } },
      ],
      needsPerson: [{ reason: 'crm_refused_record', count: 1, who: 'sales_ops' }],
      recent: [{ conversationId: 'conv_1', state: 'failed', maskedNumber: '+1 555 ***4567' }],
    });
  });

  it('says that it lives, and is ready only while the database answers', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    isStoreUp = false;
    expect((await get('/readyz')).status).toBe(503);
    expect((await get('/healthz')).status).toBe(200);
    isStoreUp = true;
  });

  it('answers anything else with a problem document', async () => {
    const { status, headers } = await get('/nowhere');
    expect(status).toBe(404);
    expect(headers['content-type']).toContain('application/problem+json');
  });
});

describe('a masked number', () => {
  it.each([
    ['+15551234567', '+1 555 ***4567'],
    ['+442079460018', '+44 207 ***0018'],
    ['+4930901820', '+49 ***1820'],
  ])('%s reads %s', (number, masked) => {
    expect(maskedNumber(number as E164)).toBe(masked); // written in the parser's form
  });
});
