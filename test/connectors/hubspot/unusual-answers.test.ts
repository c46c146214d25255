import { afterEach, describe, expect, it } from '@jest/globals';
import { createHubSpotConnector } from '../../../connectors/hubspot/connector.ts';
import type { Connector } from '../../../connectors/connector.ts';
import { createHttpTransport } from '../../../connectors/transport/http-transport.ts';
import { answerJson, startScriptedServer, type ReceivedRequest, type ScriptedServer } from '../scripted-server.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const context = { signal: new AbortController().signal };

interface Input {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly objectWriteTraceId: string;
}

/** What HubSpot's documentation leaves open, or says it may do, and a stand-in does in one way only. */
describe('answers of HubSpot that are allowed and unusual', () => {
  it('one bad record of 20 that refuses the whole batch is found, and the 19 are written', async () => {
    const { connector, server } = await connect((inputs) =>
      inputs.some(({ id }) => id === 'conv_13')
        ? [400, { category: 'VALIDATION_ERROR', message: 'One of these is not valid.' }]
        : [200, { results: inputs.map(written) }],
    );
    const results = await connector.upsertTasks(tasks(20), context);
    expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(19);
    expect(results[13]).toMatchObject({ kind: 'refused', failure: { disposition: 'fix_record', status: 400 } });
    expect(results[12]).toMatchObject({ ref: { id: 'id-conv_12' } });
    const timesSent = upserts(server).filter(({ body }) => body.includes('"conv_13"')).length;
    // The whole batch, then halves of 10, 5, 2 or 3, ... down to one.
    expect(timesSent).toBeLessThanOrEqual(1 + Math.ceil(Math.log2(20)));
  });

  it('a whole batch refused for a property of some records costs one more request', async () => {
    const detail = { code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: ['ai_score'] } };
    const { connector, server } = await connect((inputs) =>
      inputs.some(({ properties }) => 'ai_score' in properties)
        ? [400, { category: 'VALIDATION_ERROR', errors: [detail] }]
        : [200, { results: inputs.map(written) }],
    );
    const writes = tasks(40).map((task, index) => (index % 4 === 0 ? { ...task, fields: { ai_score: '1' } } : task));
    const results = await connector.upsertTasks(writes, context);
    expect(results.filter(({ kind }) => kind === 'written')).toHaveLength(30);
    expect(results[4]).toMatchObject({ failure: { disposition: 'fix_mapping', field: 'ai_score' } });
    expect(upserts(server)).toHaveLength(2);
  });

  it('a batch that succeeds with a record missing is not successful for that record', async () => {
    const { connector } = await connect((inputs) => [
      200,
      { status: 'COMPLETE', results: inputs.slice(1).map(written) },
    ]);
    const [first, second] = await connector.upsertTasks(tasks(2), context);
    expect(first).toMatchObject({ kind: 'refused', failure: { disposition: 'retry', code: 'hubspot.NO_RESULT' } });
    expect(second).toMatchObject({ kind: 'written', ref: { id: 'id-conv_1' } });
  });

  it('an error row is charged by its trace id, as a text or in a list', async () => {
    const { connector } = await connect((inputs) => [
      207,
      {
        results: inputs.filter(({ id }) => id === 'conv_1').map(written),
        errors: inputs
          .filter(({ id }) => id !== 'conv_1')
          .map(({ id, objectWriteTraceId }) => ({
            category: id === 'conv_0' ? 'CONFLICT' : 'VALIDATION_ERROR',
            context: { objectWriteTraceId: id === 'conv_0' ? objectWriteTraceId : [objectWriteTraceId] },
          })),
      },
    ]);
    expect(await connector.upsertTasks(tasks(3), context)).toMatchObject([
      { failure: { disposition: 'resolve', code: 'hubspot.CONFLICT' } },
      { kind: 'written' },
      { failure: { disposition: 'fix_record', code: 'hubspot.VALIDATION_ERROR' } },
    ]);
  });

  it('an error row that names nobody is charged to whoever has no result', async () => {
    const { connector } = await connect((inputs) => [
      207,
      { results: inputs.slice(0, 2).map(written), errors: [{ category: 'VALIDATION_ERROR', message: 'no' }] },
    ]);
    expect(await connector.upsertTasks(tasks(3), context)).toMatchObject([
      { kind: 'written' },
      { kind: 'written' },
      { failure: { code: 'hubspot.VALIDATION_ERROR' } },
    ]);
  });

  it('results without trace id and key are told apart by reading them back, not by their place', async () => {
    const bare = ({ id }: Input) => ({ id: `id-${id}`, properties: {}, new: id === 'conv_2' });
    const { connector } = await connect(
      (inputs) => [200, { results: inputs.toReversed().map(bare) }],
      (inputs) => [
        200,
        { results: inputs.map(({ id }) => ({ id: `id-${id}`, properties: { personadesk_task_key: id } })) },
      ],
    );
    const ref = (id: string) => ({ object: 'tasks', id });
    expect(await connector.upsertTasks(tasks(3), context)).toEqual([
      { kind: 'written', ref: ref('id-conv_0'), created: false },
      { kind: 'written', ref: ref('id-conv_1'), created: false },
      { kind: 'written', ref: ref('id-conv_2'), created: true },
    ]);
  });

  it('every input of a batch has a trace id of its own, without which no rows are given', async () => {
    const { connector, server } = await connect((inputs) => [200, { results: inputs.map(written) }]);
    await connector.upsertTasks(tasks(100), context);
    const traces = inputsOf(upserts(server)[0]).map(({ objectWriteTraceId }) => objectWriteTraceId);
    expect(new Set(traces).size).toBe(100);
  });

  it('nothing of a person and no token is in a request path', async () => {
    const { connector, server } = await connect((inputs) => [200, { results: inputs.map(written) }]);
    await connector.upsertTasks(tasks(1), context);
    expect(server.received.map(({ path }) => path)).toEqual(['/hub/crm/objects/2026-03/tasks/batch/upsert']);
    expect(server.received[0]?.headers.authorization).toBe('Bearer token');
  });
});

type Answer = readonly [status: number, body: unknown];

async function connect(
  upsert: (inputs: readonly Input[]) => Answer,
  read: (inputs: readonly Input[]) => Answer = () => [500, {}],
): Promise<{ readonly connector: Connector; readonly server: ScriptedServer }> {
  const server = await startScriptedServer((request, response) => {
    if (request.method === 'GET') {
      answerJson(response, 200, { name: 'personadesk_task_key', hasUniqueValue: true });
      return;
    }
    const [status, body] = (request.path.endsWith('/upsert') ? upsert : read)(inputsOf(request));
    answerJson(response, status, body);
  });
  const transport = createHttpTransport();
  closing.push(
    () => server.close(),
    () => transport.close(),
  );
  const connector = createHubSpotConnector({
    // A path before the API's own, as a gateway has it.
    baseUrl: `${server.origin}/hub/`,
    accessToken: () => Promise.resolve('token'),
    defaultCountry: 'US',
    phoneFields: [],
    transport,
  });
  return { connector, server };
}

function written({ id, properties, objectWriteTraceId }: Input) {
  return { id: `id-${id}`, properties, new: true, objectWriteTraceId };
}

function tasks(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    key: `conv_${index}`,
    fields: { hs_task_subject: 'Call back' },
    person: undefined,
  }));
}

function upserts(server: ScriptedServer): readonly ReceivedRequest[] {
  return server.received.filter(({ path }) => path.endsWith('/upsert'));
}

function inputsOf(request: ReceivedRequest | undefined): readonly Input[] {
  // The connector's own bodies: their shape is what is read here.
  return (JSON.parse(request?.body ?? '{"inputs":[]}') as { readonly inputs: readonly Input[] }).inputs;
}
