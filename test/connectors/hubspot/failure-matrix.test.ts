import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connector } from '../../../connectors/connector.ts';
import { createHttpTransport, type HttpTransport } from '../../../connectors/transport/http-transport.ts';
import { API_VERSIONS, connectAccount, type ConnectedAccount } from './connected-account.ts';
import { FAILURE_CLASSES, type FailureClass } from './failure-matrix-faults.ts';
import { OPERATIONS, type Operation, type Outcome } from './failure-matrix-operations.ts';

const CASES = OPERATIONS.flatMap((operation) => FAILURE_CLASSES.map((failure) => ({ operation, failure })));

let account: ConnectedAccount;
/** A client with a short deadline, for the request that fails; all others have the usual one. */
let impatient: { readonly connector: Connector<'hubspot'>; readonly transport: HttpTransport };

describe.each(API_VERSIONS)('every failure of every operation on HubSpot API %s', (apiVersion) => {
  beforeAll(async () => {
    // One at a time: which of the requests a fault meets must not depend on which of them is faster.
    account = await connectAccount({ connector: { apiVersion, maxConcurrency: 1 } });
    const transport = createHttpTransport({ totalTimeoutMs: 250 });
    impatient = { transport, connector: account.connect({ transport }) };
  });

  afterEach(() => account.sandbox.clearFaults());

  afterAll(async () => {
    await impatient.transport.close();
    await account.stop();
  });

  it.each(CASES.map((each, index) => [each.operation.name, each.failure.name, index, each] as const))(
    '%s, %s: ends in its disposition, and the next try leaves nothing twice and nobody out',
    async (_, __, index, { operation, failure }) => {
      const { run, verify } = operation.prepare(account, index * 10);
      failOnce(operation, failure);
      account.requests.length = 0;
      const outcomes = await run(waits(failure) ? impatient.connector : account.connector);
      expect(outcomes).toEqual(expectedOf(operation, failure));
      if (failure.concerns === 'the call') {
        // Connectors classify and never retry.
        expect(account.requests.filter(({ endpoint }) => endpoint === operation.endpoint)).toHaveLength(1);
      }

      account.sandbox.clearFaults();
      expect(await run(account.connector)).toEqual(['ok', 'ok', 'ok']);
      verify();
    },
  );
});

/** For an input: the batch of three is refused, then its second half, which is the third item alone. */
function failOnce({ path, cutsBatches }: Operation, { fault, concerns }: FailureClass): void {
  account.sandbox.injectFault({ match: { path }, fault });
  if (concerns === 'an input' && cutsBatches) account.sandbox.injectFault({ match: { path, nth: 2 }, fault });
}

function expectedOf({ cutsBatches, exceptions }: Operation, failure: FailureClass): readonly Outcome[] {
  const { name, concerns, disposition } = failure;
  const general: readonly Outcome[] =
    concerns === 'an input' && cutsBatches ? ['ok', 'ok', disposition] : [disposition, disposition, disposition];
  return exceptions?.[name] ?? general;
}

function waits({ fault }: FailureClass): boolean {
  return fault.kind === 'stall' || fault.kind === 'stall-body';
}
