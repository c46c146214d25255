import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import {
  createHttpTransport,
  type HttpRequest,
  type HttpTransport,
  type HttpTransportOptions,
  type TransportRecord,
} from '../../../connectors/transport/http-transport.ts';
import { startScriptedServer, type Script, type ScriptedServer } from '../scripted-server.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

describe('the HTTP transport', () => {
  it('gives back status, headers and body as they came', async () => {
    const { send, server } = await start((_, response) => {
      response.writeHead(207, { 'X-Limit': '190' }).end('{"é":1}');
    });
    const answer = await send({ method: 'POST', body: '{}', headers: { authorization: 'Bearer t' } });
    expect(answer).toMatchObject({ kind: 'answer', status: 207, body: '{"é":1}' });
    expect(answer.kind === 'answer' && answer.headers['x-limit']).toBe('190');
    expect(server.received).toMatchObject([{ method: 'POST', path: '/a?b=1', body: '{}' }]);
    expect(server.received[0]?.headers.authorization).toBe('Bearer t');
  });

  it('does not follow a redirect, which would carry the token to another host', async () => {
    const { send, server } = await start((_, response) => {
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await send({ method: 'POST', body: '{}' })).toMatchObject({ kind: 'answer', status: 307 });
    expect(server.received).toHaveLength(1);
  });

  it.each(['//other.example/x', 'https://other.example/x', 'relative', '/\\other.example/x', ''])(
    'refuses the path %p, which does not stay on the origin',
    async (path) => {
      const { send, server } = await start((_, response) => response.end());
      await expect(send({ path })).rejects.toThrow(TypeError);
      expect(server.received).toHaveLength(0);
    },
  );

  it.each(['http://api.example.com', 'http://127.0.0.1.example.com', 'ftp://127.0.0.1'])(
    'sends no token to %s, which is neither https nor this machine',
    async (origin) => {
      const { send } = await start((_, response) => response.end());
      await expect(send({ origin })).rejects.toThrow(TypeError);
    },
  );

  it('ends a request whose headers never come at the deadline', async () => {
    const { send } = await start(() => undefined, { totalTimeoutMs: 150 });
    const startedAt = performance.now();
    expect(await send({ method: 'POST', body: '{}' })).toEqual({
      kind: 'no_answer',
      code: 'timeout',
      mayHaveBeenApplied: true,
    });
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('ends a body that stops half-way at the deadline', async () => {
    const { send } = await start(
      (_, response) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('half');
      },
      { totalTimeoutMs: 150 },
    );
    expect(await send({})).toEqual({ kind: 'no_answer', code: 'timeout', mayHaveBeenApplied: false });
  });

  it('ends a body that trickles within every pause allowed but not within the deadline', async () => {
    const { send } = await start(
      (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write('.'), 20);
        response.on('close', () => clearInterval(timer));
      },
      { totalTimeoutMs: 200, bodyTimeoutMs: 5_000 },
    );
    expect(await send({})).toMatchObject({ kind: 'no_answer', code: 'timeout' });
  });

  it('survives a connection that is reset before the headers and one reset in the body', async () => {
    const { send } = await start((request, response) => {
      if (request.path === '/early') return void response.destroy();
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    });
    const reset = { kind: 'no_answer', code: 'reset', mayHaveBeenApplied: true };
    expect(await send({ method: 'POST', path: '/early', body: '{}' })).toEqual(reset);
    expect(await send({ method: 'POST', path: '/late', body: '{}' })).toEqual(reset);
  });

  it('sends a request once, whatever happens to it', async () => {
    const { send, server } = await start((_, response) => void response.destroy());
    await send({ method: 'GET' });
    await send({ method: 'POST', body: '{}' });
    expect(server.received).toHaveLength(2);
  });

  it('knows that a request to a closed port was not applied', async () => {
    const { send } = await start((_, response) => response.end());
    const origin = `http://127.0.0.1:${await closedPort()}`;
    expect(await send({ origin, method: 'POST', body: '{}' })).toEqual({
      kind: 'no_answer',
      code: 'refused',
      mayHaveBeenApplied: false,
    });
  });

  it('tells a host without an address and a server without TLS from a broken connection', async () => {
    const { send, server } = await start((_, response) => response.end());
    expect(await send({ origin: 'https://no-such-host.invalid' })).toMatchObject({ kind: 'no_answer', code: 'dns' });
    const overTls = server.origin.replace('http:', 'https:');
    expect(await send({ origin: overTls, method: 'POST', body: '{}' })).toEqual({
      kind: 'no_answer',
      code: 'tls',
      mayHaveBeenApplied: false,
    });
  });

  it('ends with the caller: before it has begun, nothing is sent', async () => {
    const { send, server } = await start((_, response) => response.end());
    const answer = await send({ method: 'POST', body: '{}', signal: AbortSignal.abort() });
    expect(answer).toEqual({ kind: 'no_answer', code: 'aborted', mayHaveBeenApplied: false });
    expect(server.received).toHaveLength(0);
  });

  it('ends with the caller: under way, the request may have been applied', async () => {
    const controller = new AbortController();
    const { send } = await start(() => controller.abort());
    const answer = await send({ method: 'POST', body: '{}', signal: controller.signal });
    expect(answer).toEqual({ kind: 'no_answer', code: 'aborted', mayHaveBeenApplied: true });
  });

  it('cuts off an answer over the size limit, and the next request is served', async () => {
    const { send } = await start(
      (request, response) => response.end(request.path === '/big' ? 'x'.repeat(1_000_001) : 'small'),
      { maxResponseBytes: 1_000_000 },
    );
    expect(await send({ path: '/big' })).toMatchObject({ kind: 'no_answer', code: 'too_large' });
    expect(await send({ path: '/small' })).toMatchObject({ kind: 'answer', body: 'small' });
  });

  it('opens no more connections than it may', async () => {
    let open = 0;
    let most = 0;
    const held: (() => void)[] = [];
    const { send } = await start(
      (_, response) => {
        open += 1;
        most = Math.max(most, open);
        held.push(() => {
          open -= 1;
          response.end();
        });
        // Two can be here at once; the others wait for one of them to be answered.
        if (held.length >= 2) for (const release of held.splice(0)) release();
      },
      { maxConnections: 2 },
    );
    await Promise.all(Array.from({ length: 8 }, () => send({})));
    expect(most).toBe(2);
  });

  it('reports each request by class and outcome, without its path or its headers', async () => {
    const records: TransportRecord[] = [];
    const { send, server } = await start(
      (request, response) => (request.path === '/reset' ? response.destroy() : response.writeHead(404).end()),
      { onRequest: (record) => records.push(record) },
    );
    await send({ path: '/contacts/5551234567' });
    await send({ path: '/reset', method: 'POST', body: '{}' });
    expect(records).toEqual([
      { origin: server.origin, endpoint: 'test', method: 'GET', outcome: 404, durationMs: expect.any(Number) },
      { origin: server.origin, endpoint: 'test', method: 'POST', outcome: 'reset', durationMs: expect.any(Number) },
    ]);
  });

  it('refuses a header that would split the request, and does not repeat its value', async () => {
    const { send } = await start((_, response) => response.end());
    const attempt = send({ headers: { authorization: 'Bearer secret\r\nx: y' } });
    await expect(attempt).rejects.toThrow();
    await expect(attempt).rejects.not.toThrow(/secret/);
  });

  it('ends requests under way when it is closed', async () => {
    let arrived: () => void = () => undefined;
    const arrival = new Promise<void>((resolve) => (arrived = resolve));
    const { send, transport } = await start(() => arrived());
    const answer = send({ method: 'POST', body: '{}' });
    await arrival;
    await transport.close();
    expect(await answer).toMatchObject({ kind: 'no_answer', code: 'aborted', mayHaveBeenApplied: true });
  });
});

interface Started {
  readonly send: (request: Partial<HttpRequest>) => ReturnType<HttpTransport['send']>;
  readonly server: ScriptedServer;
  readonly transport: HttpTransport;
}

async function start(script: Script, options: HttpTransportOptions = {}): Promise<Started> {
  const server = await startScriptedServer(script);
  const transport = createHttpTransport(options);
  closing.push(
    () => server.close(),
    () => transport.close(),
  );
  const send: Started['send'] = (request) =>
    transport.send({
      origin: server.origin,
      method: 'GET',
      path: '/a?b=1',
      headers: {},
      signal: new AbortController().signal,
      endpoint: 'test',
      ...request,
    });
  return { send, server, transport };
}

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
