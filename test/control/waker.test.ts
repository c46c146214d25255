import { EventEmitter, once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { createSweep } from '../../src/control/sweep.ts';
import { createWaker } from '../../src/control/waker.ts';
import { connectionIdSchema, type ConnectionId } from '../../src/domain/ids.ts';

const a = connectionIdSchema.parse('a');
const b = connectionIdSchema.parse('b');

/** A send that stays under way until it is told to end. */
function heldSend() {
  const sent: ConnectionId[] = [];
  const held: PromiseWithResolvers<undefined>[] = [];
  const arrivals = new EventEmitter();
  const send = async (id: ConnectionId) => {
    sent.push(id);
    const gate = Promise.withResolvers<undefined>();
    held.push(gate);
    arrivals.emit('held');
    await gate.promise;
  };
  /** The n-th send, once it is under way. */
  const nextHeld = async (n: number) => {
    while (held.length <= n) await once(arrivals, 'held');
    const gate = held[n];
    if (gate === undefined) throw new Error('it is there');
    return gate;
  };
  return { sent, held, send, nextHeld };
}

describe('wake-ups', () => {
  it('a thousand for one connection while one is under way make one more', async () => {
    const { sent, held, send, nextHeld } = heldSend();
    const waker = createWaker(send, () => undefined, { everyMs: 0 });
    for (let n = 0; n < 1000; n += 1) waker.wake([a]);
    expect(sent).toEqual([a]);
    held[0]?.resolve(undefined);
    const second = await nextHeld(1);
    expect(sent).toEqual([a, a]);
    second.resolve(undefined);
    await waker.idle();
    expect(sent).toEqual([a, a]);
  });

  it('of a busy connection keep their distance, the first of a quiet one goes out at once', async () => {
    const sentAt: number[] = [];
    const waker = createWaker(
      () => {
        sentAt.push(performance.now());
        return Promise.resolve();
      },
      () => undefined,
      { everyMs: 60 },
    );
    waker.wake([a]);
    expect(sentAt).toHaveLength(1);
    waker.wake([a]);
    await waker.idle();
    // Timers may fire up to a millisecond early.
    expect((sentAt[1] ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThanOrEqual(59);
  });

  it('of one connection do not wait for another', () => {
    const { sent, send } = heldSend();
    createWaker(send, () => undefined).wake([a, b]);
    expect(sent).toEqual([a, b]);
  });

  it('a failed one is reported, and the next goes out all the same', async () => {
    const failed: ConnectionId[] = [];
    let up = false;
    const waker = createWaker(
      () => (up ? Promise.resolve() : Promise.reject(new Error('down'))),
      (id) => failed.push(id),
      { everyMs: 0 },
    );
    waker.wake([a]);
    await waker.idle();
    up = true;
    waker.wake([a]);
    await waker.idle();
    expect(failed).toEqual([a]);
  });
});

describe('the sweep', () => {
  it('wakes what is overdue and survives a database that is away', async () => {
    const woken: ConnectionId[][] = [];
    const failures: unknown[] = [];
    const second = Promise.withResolvers<undefined>();
    let rounds = 0;
    const sweep = createSweep({
      overdue: () => {
        rounds += 1;
        if (rounds === 1) return Promise.reject(new Error('away'));
        return Promise.resolve([a]);
      },
      wake: (ids) => {
        woken.push([...ids]);
        second.resolve(undefined);
      },
      onFailure: (error) => failures.push(error),
      everyMs: 1,
    });
    sweep.start();
    await second.promise;
    await sweep.stop();
    const roundsAtStop = rounds;
    expect(failures).toHaveLength(1);
    expect(woken[0]).toEqual([a]);
    await new Promise(setImmediate);
    expect(rounds).toBe(roundsAtStop);
  });
});
