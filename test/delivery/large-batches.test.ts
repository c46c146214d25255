import { describe, expect, it } from '@jest/globals';
import { createLargeBatches } from '../../src/delivery/large-batches.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import { connectionIdSchema } from '../../src/domain/ids.ts';
import { PRIORITY } from '../../src/domain/ledger.ts';

const one = connectionIdSchema.parse('one');
const other = connectionIdSchema.parse('other');
const wanted = { atLeast: 2_000, trafficClass: 'backfill' } as const;

function open(policy = {}) {
  let now = 0;
  const batches = createLargeBatches({ policy: { ...DELIVERY_POLICY, ...policy }, now: () => new Date(now) });
  const offer = (id = one) => batches.offer(id, wanted, PRIORITY.backfill);
  return { batches, offer, pass: (ms: number) => (now += ms) };
}

describe('large batches', () => {
  it('are offered to a CRM that wants them, when backfill may begin', () => {
    const { batches, offer } = open();
    expect(offer()).toEqual({ priority: PRIORITY.backfill, atLeast: 2_000, limit: 2_500 });
    expect(batches.offer(one, undefined, PRIORITY.backfill)).toBeUndefined();
    expect(batches.offer(one, wanted, PRIORITY.retry)).toBeUndefined();
  });

  it('hold what is worth the way, however small the policy is', () => {
    expect(open({ largeBatchSize: 500 }).offer()?.limit).toBe(2_000);
    expect(open({ largeBatchSize: 0 }).offer()).toBeUndefined();
  });

  it('are withheld for an hour from a connection that did not end one in time, and from no other', () => {
    const { batches, offer, pass } = open();
    batches.withhold(one);
    expect([offer(), offer(other)?.limit]).toEqual([undefined, 2_500]);
    pass(3_600_000);
    expect(offer()?.limit).toBe(2_500);
  });
});
