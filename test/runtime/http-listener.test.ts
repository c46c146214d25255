import { afterEach, describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../src/runtime/environment.ts';
import { listen, type HttpListener } from '../../src/runtime/http-listener.ts';
import { createMetricsHandler, createMetricsRegistry } from '../../src/runtime/metrics.ts';
import { checkPorts } from '../../src/runtime/ports.ts';
import { freePorts } from './process-table.ts';

const opened: HttpListener[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((listener) => listener.close(0)));
});

async function environmentWithFreePorts() {
  const [intake = 0, admin = 0] = await freePorts(2);
  return readEnvironment({ CRM_SYNC_INTAKE_PORT: String(intake), CRM_SYNC_ADMIN_PORT: String(admin) });
}

async function opening(...parameters: Parameters<typeof listen>): Promise<HttpListener> {
  const listener = await listen(...parameters);
  opened.push(listener);
  return listener;
}

describe('a listener', () => {
  it('on a taken port says which port, which variable, and that it is taken', async () => {
    const environment = await environmentWithFreePorts();
    await opening((_request, response) => response.end(), environment, 'intake');
    const port = environment.ports.intake;
    const sentence = `Port ${port} is in use by another program: set CRM_SYNC_INTAKE_PORT to a free port, or free it, and start again.`;
    await expect(listen((_request, response) => response.end(), environment, 'intake')).rejects.toThrow(sentence);
    await expect(checkPorts(environment, ['admin', 'intake'])).rejects.toThrow(sentence);
  });

  it('a port that was only tried is free afterwards', async () => {
    const environment = await environmentWithFreePorts();
    await checkPorts(environment, ['intake']);
    await expect(opening(() => undefined, environment, 'intake')).resolves.toMatchObject({
      port: environment.ports.intake,
    });
  });

  it('lets a request under way finish, and does not wait for idle connections', async () => {
    const environment = await environmentWithFreePorts();
    const arrived = Promise.withResolvers<() => void>();
    const listener = await listen(
      (_request, response) => arrived.resolve(() => response.end('done')),
      environment,
      'intake',
    );
    const answer = fetch(`http://127.0.0.1:${listener.port}/`, { keepalive: true });
    const finish = await arrived.promise;
    // The grace is longer than the test may take: only closing idle connections ends the wait in time.
    const closed = listener.close(600_000);
    finish();
    expect(await (await answer).text()).toBe('done');
    await closed;
  });

  it('cuts a request that does not finish within the grace', async () => {
    const environment = await environmentWithFreePorts();
    const arrived = Promise.withResolvers<undefined>();
    const listener = await listen(() => arrived.resolve(undefined), environment, 'intake');
    const answer = fetch(`http://127.0.0.1:${listener.port}/`);
    const refused = expect(answer).rejects.toThrow();
    await arrived.promise;
    await listener.close(10);
    await refused;
  });

  it('keeps the admin on the loopback whatever the host is', async () => {
    const [admin = 0] = await freePorts(1);
    const environment = readEnvironment({ CRM_SYNC_HOST: '127.0.0.2', CRM_SYNC_ADMIN_PORT: String(admin) });
    await opening((_request, response) => response.end('admin'), environment, 'admin');
    expect((await fetch(`http://127.0.0.1:${admin}/`)).status).toBe(200);
  });
});

describe('a process that serves nothing else', () => {
  it('answers for its health, its readiness and its metrics', async () => {
    const environment = await environmentWithFreePorts();
    const state: { ready: () => Promise<boolean> } = { ready: () => Promise.resolve(true) };
    const registry = createMetricsRegistry('worker');
    const handler = createMetricsHandler({ registry, ready: () => state.ready() });
    const { port } = await opening(handler, environment, 'intake');
    const statusOf = async (path: string, init?: RequestInit) =>
      (await fetch(`http://127.0.0.1:${port}${path}`, init)).status;

    expect(await statusOf('/healthz')).toBe(200);
    expect(await statusOf('/readyz')).toBe(200);
    state.ready = () => Promise.resolve(false);
    expect(await statusOf('/readyz')).toBe(503);
    state.ready = () => Promise.reject(new Error('cannot tell'));
    expect(await statusOf('/readyz')).toBe(503);
    expect(await statusOf('/healthz')).toBe(200);
    expect(await statusOf('/other')).toBe(404);
    expect(await statusOf('/healthz', { method: 'POST' })).toBe(405);
    const metrics = await fetch(`http://127.0.0.1:${port}/metrics`);
    expect(metrics.headers.get('content-type')).toBe(registry.contentType);
    expect(await metrics.text()).toMatch(/process_cpu_seconds_total\{process="worker"\} /);
  });

  it('two registries count apart', async () => {
    const [one, other] = [createMetricsRegistry('a'), createMetricsRegistry('b')];
    expect(await one.metrics()).not.toContain('process="b"');
    expect(await other.metrics()).toContain('process="b"');
  });
});
