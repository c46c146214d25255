import { describe, expect, it } from '@jest/globals';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import { record } from '../../src/delivery/record.ts';
import { settle } from '../../src/delivery/steps.ts';
import type { CrmFailure } from '../../src/domain/crm.ts';
import { settledAs } from '../../src/domain/outcome.ts';
import type { AttemptTrace } from '../../src/domain/trace.ts';
import type { RecordRequest, RecordResult } from '../../src/store/record-outcomes.ts';
import { lookedUp } from './planned.ts';

const NOW = new Date('2026-03-02T12:00:00Z');

function failure(code: string): CrmFailure {
  return {
    disposition: 'fix_record',
    code,
    status: 400,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}

/** Records one refused conversation. */
async function refusedBy(codes: readonly string[], isStale = false) {
  const item = settle(lookedUp({}), settledAs('crm_refused_record'), { failures: codes.map(failure) });
  const unlisted: object[] = [];
  let request: RecordRequest | undefined;
  const { conversationId } = item.row;
  const deps = {
    store: {
      ledger: {
        record: (given: RecordRequest): Promise<RecordResult> => {
          request = given;
          return Promise.resolve({
            recorded: isStale ? [] : [conversationId],
            stale: isStale ? [conversationId] : [],
          });
        },
      },
    },
    now: () => NOW,
    policy: DELIVERY_POLICY,
    events: { settled: () => undefined, unlisted: (event: object) => unlisted.push(event) },
  };
  const connection = { id: 'the-crm', tenantId: 'ten_1', configuration: { crm: 'hubspot' } };
  // Of both nothing else is used.
  await record(deps as never, connection as never, {
    fence: 1,
    startedAt: NOW,
    requests: [],
    settled: [item],
    applied: [],
  });
  const trace = request?.rows[0]?.trace as AttemptTrace; // what was handed over above
  return { failures: trace.failures, unlisted };
}

describe('a refusal that is written down', () => {
  it('says in words what its code means', async () => {
    const { failures, unlisted } = await refusedBy(['hubspot.MISSING_SCOPES']);
    expect(failures).toEqual([
      { ...failure('hubspot.MISSING_SCOPES'), means: 'The app lacks a scope that this request needs.' },
    ]);
    expect(unlisted).toEqual([]);
  });

  it('by a code that nobody has listed has no words, and is counted', async () => {
    const { failures, unlisted } = await refusedBy(['hubspot.SOMETHING_NEW', 'timeout']);
    expect(failures[0]).toEqual(failure('hubspot.SOMETHING_NEW'));
    expect(failures[1]).toMatchObject({ means: 'The CRM did not answer in time.' });
    expect(unlisted).toEqual([{ crm: 'hubspot', code: 'hubspot.SOMETHING_NEW' }]);
  });

  it('is not counted by an attempt that somebody else has overtaken', async () => {
    expect((await refusedBy(['hubspot.SOMETHING_NEW'], true)).unlisted).toEqual([]);
  });
});
