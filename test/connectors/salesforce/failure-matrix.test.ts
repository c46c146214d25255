import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connector } from '../../../connectors/connector.ts';
import { createHttpTransport, type HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { connectOrg, type ConnectedOrg } from './connected-org.ts';
import { CALL_FAILURES, ROW_FAILURES } from './failure-matrix-faults.ts';
import { expectedOf, MARKED, OPERATIONS } from './failure-matrix-operations.ts';

const CALLS = OPERATIONS.flatMap((operation) => CALL_FAILURES.map((failure) => ({ operation, failure })));
const ROWS = OPERATIONS.flatMap((operation) => {
  const { row } = operation;
  return row === undefined ? [] : ROW_FAILURES.map((failure) => ({ operation, failure, row }));
});

/** Long enough for a busy machine, and waited out once for every stall. */
const DEADLINE_MS = 400;

let org: ConnectedOrg;
/** A client with a short deadline, for the requests that stall; all others have the usual one. */
let impatient: { readonly connector: Connector<'salesforce'>; readonly transport: HttpTransport };

beforeAll(async () => {
  org = await connectOrg();
  const transport = createHttpTransport({ totalTimeoutMs: DEADLINE_MS });
  impatient = { transport, connector: org.connect({ transport }) };
  // Reading the schema is no part of what is timed.
  let outcome = await impatient.connector.provision(org.context);
  while (outcome.kind === 'failed') outcome = await impatient.connector.provision(org.context);
});

afterEach(() => {
  org.sandbox.clearFaults();
  org.sandbox.setOptions({ validationRules: [] });
});

afterAll(async () => {
  await impatient.transport.close();
  await org.stop();
});

describe('every failure of every call to Salesforce', () => {
  it.each(CALLS.map((each, index) => [each.operation.name, each.failure.name, index, each] as const))(
    '%s, %s: ends in its disposition, and the next try leaves nothing twice and nobody out',
    async (_, __, index, { operation, failure }) => {
      const { run, verify } = operation.prepare(org, index * 10);
      org.sandbox.injectFault({ match: { path: operation.path }, fault: failure.fault });
      org.requests.length = 0;
      const waits = failure.fault.kind === 'stall' || failure.fault.kind === 'stall-body';
      const outcomes = await run(waits ? impatient.connector : org.connector);
      expect(outcomes).toEqual(expectedOf(operation, failure.name, failure.disposition));
      // Connectors classify and never retry.
      expect(org.requests.map(({ endpoint }) => endpoint)).toEqual([operation.endpoint]);

      org.sandbox.clearFaults();
      expect(await run(org.connector)).toEqual(['ok', 'ok', 'ok']);
      verify();
    },
  );
});

describe('every refusal of a single row', () => {
  it.each(ROWS.map((each, index) => [each.operation.name, each.failure.code, index, each] as const))(
    '%s, %s: ends in its disposition, its neighbours are done, and the next try leaves nothing twice and nobody out',
    async (_, __, index, { operation, failure, row }) => {
      const { run, verify } = operation.prepare(org, 10_000 + index * 10);
      org.sandbox.setOptions({
        validationRules: [{ ...row, matches: `^${MARKED}$`, message: 'no', code: failure.code }],
      });
      expect(await run(org.connector)).toEqual(['ok', 'ok', failure.disposition]);

      org.sandbox.setOptions({ validationRules: [] });
      expect(await run(org.connector)).toEqual(['ok', 'ok', 'ok']);
      verify();
    },
  );
});
