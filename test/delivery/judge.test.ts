import { describe, expect, it } from '@jest/globals';
import { judge } from '../../src/delivery/judge.ts';
import { screen } from '../../src/delivery/screen.ts';
import type { Loaded } from '../../src/delivery/steps.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import { configurationSchema } from '../../src/domain/configuration.ts';
import { NOTHING_WRITTEN } from '../../src/domain/plan.ts';
import { DEFAULT_POLICIES } from '../support/policies.ts';
import { lookedUp } from './planned.ts';

const connections = configurationSchema.shape.tenants.element.shape.connections.unwrap();
/** Open on Mondays; 2 March 2026 is one. */
const OPEN = { timezone: 'America/New_York', businessHours: { mon: ['09:00-17:00'] } };
const ref = { object: 'contacts', id: '9' };

function loaded(change: Partial<Loaded> = {}): Loaded {
  return { ...lookedUp({}), ...change };
}

describe('the facts of a conversation', () => {
  const afterHours = (occurredAt: string, tenant: Parameters<typeof judge>[0]['tenant'] = OPEN) =>
    judge({ configuration: DEFAULT_POLICIES, tenant }, loaded({ occurredAt })).facts.afterHours;

  it.each([
    ['2026-03-02T13:59:59Z', true],
    ['2026-03-02T14:00:00Z', false],
    ['2026-03-02T21:59:59Z', false],
    ['2026-03-02T22:00:00Z', true],
    ['2026-03-03T15:00:00Z', true],
  ])('%s is after hours in New York: %s', (occurredAt, expected) => {
    expect(afterHours(occurredAt)).toBe(expected);
  });

  it('a tenant without hours is always open', () => {
    expect(afterHours('2026-03-01T03:00:00Z', { timezone: 'UTC' })).toBe(false);
  });

  it('a caller is known by the index, or as he was when the conversation was first written', () => {
    const repeat = (change: Partial<Loaded>) =>
      judge({ configuration: DEFAULT_POLICIES, tenant: OPEN }, loaded(change)).facts.repeatCaller;
    const row = (repeatCaller: boolean) => ({ ...loaded().row, written: { ...NOTHING_WRITTEN, repeatCaller } });
    expect([repeat({}), repeat({ remembered: ref })]).toEqual([false, true]);
    expect(repeat({ remembered: ref, row: row(false) })).toBe(false);
    expect(repeat({ remembered: undefined, row: row(true) })).toBe(true);
  });
});

describe('screening', () => {
  const now = new Date('2026-03-02T12:00:00Z');
  const screened = (item: Loaded, filters: readonly unknown[]) => {
    const given = { id: 'the-crm', crm: 'csv-log', folder: '/tmp/log', filters };
    const [configuration] = connections.parse([given]);
    if (configuration === undefined) throw new Error('there is one connection');
    const screening = { connection: { configuration }, now, policy: DELIVERY_POLICY };
    const { next, settled } = screen([item], screening);
    return next.length === 1 ? 'goes on' : [settled[0]?.outcome.reason, settled[0]?.filter];
  };
  const calls = [{ when: { channel: 'voice' }, action: 'skip' }];

  it('a filter takes out what it names, and the first that applies decides', () => {
    expect(screened(loaded(), calls)).toEqual(['filtered', 'skips channel voice']);
    expect(screened(loaded(), [{ when: { status: 'completed' }, action: 'deliver' }, ...calls])).toBe('goes on');
    expect(screened(loaded(), [])).toBe('goes on');
  });

  it('a request for a person passes every filter', () => {
    expect(screened(lookedUp({ handoff: 'ag_1' }), calls)).toBe('goes on');
  });

  it('a conversation that goes on is not judged by what it is so far', () => {
    const { known, ...rest } = loaded();
    expect(screened({ ...rest, known: { ...known, ended: false } }, calls)).toEqual(['conversation_active', undefined]);
  });
});
