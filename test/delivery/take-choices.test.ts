import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '../../connectors/connector.ts';
import { lookUp } from '../../src/delivery/look-up.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import type { LookedUp } from '../../src/delivery/steps.ts';
import type { CallerChoice, CallerDecision } from '../../src/domain/caller-choice.ts';
import type { PersonRead, PersonSearch, RecordRef } from '../../src/domain/crm.ts';
import { NOTHING_WRITTEN } from '../../src/domain/plan.ts';
import { lookedUp } from './planned.ts';

const chosen: RecordRef = { object: 'contacts', id: '51' };
const other: RecordRef = { object: 'contacts', id: '52' };
const context: CallContext = { signal: new AbortController().signal };
const CHOOSE: CallerDecision = { action: 'choose', ref: chosen };
const REFUSED = { disposition: 'retry', code: 'hubspot.HTTP_503' } as const;
const LINKED = {
  ...NOTHING_WRITTEN,
  activity: { ref: { object: 'calls', id: '1' }, fields: {}, linkedTo: other },
};

interface Circumstances {
  readonly decision: CallerDecision;
  readonly scope?: CallerChoice['scope'];
  readonly chosenAt?: string;
  /** What the CRM says of the records that are read. */
  readonly read?: PersonRead;
  readonly item?: Partial<LookedUp>;
}

/** Looks one conversation up that somebody chose for; whoever searches finds one person with the number. */
async function look({ decision, scope = 'conversation', chosenAt, read, item }: Circumstances) {
  const asked = { read: [] as RecordRef[], searches: 0 };
  const candidate = { ref: other, matchedBy: 'phone', rank: 0, holdsKey: false, fields: {}, modifiedAt: undefined };
  const connector = {
    readPeople: (refs: readonly RecordRef[]) => {
      asked.read.push(...refs);
      return Promise.resolve(refs.map((ref): PersonRead => read ?? { kind: 'present', ref, fields: {} }));
    },
    lookUpPeople: (queries: readonly unknown[]) => {
      asked.searches += 1;
      return Promise.resolve(queries.map((): PersonSearch => ({ kind: 'checked', candidates: [candidate] })));
    },
  };
  const loaded = { ...lookedUp({}), ...item };
  const choice: CallerChoice = { decision, scope, chosenAt: new Date(chosenAt ?? '2026-11-24T12:00:00Z') };
  const deps = {
    store: {
      choices: { inForce: () => Promise.resolve(new Map([[loaded.row.conversationId, choice]])) },
      people: { find: () => Promise.resolve(new Map()), forget: () => Promise.resolve() },
      inbox: {},
    },
    mappingFor: () => ({ person: [] }),
    policy: DELIVERY_POLICY,
    now: () => new Date('2026-11-24T13:00:00Z'),
  };
  const connection = {
    id: 'the-crm',
    tenantId: 'ten_1',
    tenant: { timezone: 'America/New_York' },
    configuration: { crm: 'hubspot', matching: { ambiguous: 'review' } },
  };
  // Of these three the look-up uses no more than what is given here.
  const result = await lookUp(deps as never, connection as never, connector as never, [loaded], context);
  return { asked, next: result.next[0], settled: result.settled[0] };
}

describe('what a person chose', () => {
  it('takes the place of every look-up; the record is verified, and left as it is', async () => {
    const { asked, next } = await look({ decision: CHOOSE });
    expect(asked).toEqual({ read: [chosen], searches: 0 });
    expect(next?.choice).toEqual({
      kind: 'matched',
      ref: chosen,
      fields: undefined,
      rule: 'chosen by a person on 24 Nov',
    });
  });

  it('names the day by the calendar of the tenant', async () => {
    const { next } = await look({ decision: CHOOSE, chosenAt: '2026-11-24T03:00:00Z', scope: 'caller' });
    expect(next?.choice.rule).toBe('chosen by a person on 23 Nov for every conversation of this caller');
  });

  it('follows a record to the one it was merged into', async () => {
    const { next } = await look({ decision: CHOOSE, read: { kind: 'present', ref: other, fields: {} } });
    expect(next?.choice).toMatchObject({ kind: 'matched', ref: other });
  });

  it('waits when the record cannot be read, and searches for nobody else', async () => {
    const failure = { ...REFUSED, status: 503, retryAfterMs: undefined, field: undefined, vendorText: undefined };
    const { asked, settled } = await look({ decision: CHOOSE, read: { kind: 'could_not_check', failure } });
    expect(asked.searches).toBe(0);
    expect(settled?.outcome).toMatchObject({ state: 'waiting', reason: 'crm_unavailable' });
  });

  it('is void when the record is gone: the search decides, and a warning says so', async () => {
    const { asked, next } = await look({ decision: CHOOSE, read: { kind: 'gone' } });
    expect(asked.searches).toBe(1);
    expect(next).toMatchObject({
      choice: { kind: 'matched', ref: other, rule: 'matched by phone' },
      warnings: ['contacts 51, chosen by a person on 24 Nov, is no longer in the CRM'],
    });
  });

  it('creates without asking who has the number', async () => {
    const { asked, next } = await look({ decision: { action: 'create' } });
    expect(asked).toEqual({ read: [], searches: 0 });
    expect(next?.choice).toEqual({ kind: 'create', rule: 'chosen by a person on 24 Nov' });
  });

  it('creates nobody beside the one we remember', async () => {
    const { next } = await look({ decision: { action: 'create' }, item: { remembered: other } });
    expect(next?.choice).toMatchObject({ kind: 'matched', ref: other });
  });

  it('skips by a reason of its own', async () => {
    const { asked, settled } = await look({ decision: { action: 'skip' } });
    expect(asked).toEqual({ read: [], searches: 0 });
    expect(settled?.outcome).toMatchObject({ state: 'skipped', reason: 'skipped_by_person' });
  });

  it('for the conversation moves it from where it was written; for the caller, or to create, it does not', async () => {
    const linked = { item: { row: { ...lookedUp({}).row, written: LINKED } } };
    expect((await look({ ...linked, decision: CHOOSE })).next?.choice).toMatchObject({ ref: chosen });
    expect((await look({ ...linked, decision: CHOOSE, scope: 'caller' })).next?.choice).toMatchObject({ ref: other });
    expect((await look({ ...linked, decision: { action: 'create' } })).next?.choice).toMatchObject({ ref: other });
  });
});
