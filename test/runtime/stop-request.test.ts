import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { listenForStop, type StopSource } from '../../src/runtime/stop-request.ts';

function listening(isTTY = true) {
  // An emitter stands in for the process: what is listened for is all that is used of it.
  const source = Object.assign(new EventEmitter(), { stdout: { isTTY } }) as unknown as EventEmitter & StopSource;
  const clock = { ms: 1_000 };
  const seen = { impatience: 0 };
  const stop = listenForStop({
    onImpatience: () => {
      seen.impatience += 1;
    },
    now: () => clock.ms,
    process: source,
  });
  return { source, clock, seen, stop };
}

describe('the wish to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])('%s is one', async (name) => {
    const { source, stop } = listening();
    expect(stop.signal.aborted).toBe(false);
    source.emit(name);
    await stop.asked;
    expect(stop.signal.aborted).toBe(true);
  });

  it('one Ctrl-C that npm repeats is one wish', () => {
    const { source, clock, seen } = listening();
    source.emit('SIGINT');
    clock.ms += 300;
    source.emit('SIGINT');
    expect(seen.impatience).toBe(0);
  });

  it('a second Ctrl-C is impatience', () => {
    const { source, clock, seen } = listening();
    source.emit('SIGINT');
    clock.ms += 1_000;
    source.emit('SIGINT');
    expect(seen.impatience).toBe(1);
  });

  it('a hang-up is left to nohup when there is no terminal', () => {
    expect(listening(false).source.listenerCount('SIGHUP')).toBe(0);
  });

  it('nothing is listened for afterwards', () => {
    const { source, stop } = listening();
    stop.dispose();
    expect(source.eventNames()).toEqual([]);
  });
});
