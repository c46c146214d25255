import { describe, expect, it } from '@jest/globals';
import { DISPOSITIONS, type CrmFailure, type Disposition } from '../../src/domain/crm.ts';
import { DUE_POLICY } from '../../src/domain/due-time.ts';
import { LEDGER_STATES, LEDGER_TRANSITIONS, mayMove } from '../../src/domain/ledger.ts';
import { crmFailed, sourceFailed, unknownAtSource } from '../../src/domain/outcome.ts';
import { REASONS } from '../../src/domain/reasons.ts';

const policy = { ...DUE_POLICY, conflictAttempts: 3 };
const now = new Date('2026-05-05T10:00:00Z');
const fresh = { attempts: 0, failingSince: undefined, firstHeardAt: now };
const failure = (disposition: Disposition, more: Partial<CrmFailure> = {}): CrmFailure => ({
  disposition,
  code: `hubspot.${disposition}`,
  status: undefined,
  retryAfterMs: undefined,
  field: undefined,
  vendorText: 'secret words',
  ...more,
});

describe('what a refusal by the CRM means for its conversation', () => {
  it('each disposition ends in the state its reason says', () => {
    const expected: Record<Disposition, string> = {
      retry: 'waiting/crm_unavailable',
      throttle: 'waiting/crm_rate_limited',
      reconnect: 'waiting/connection_broken',
      fix_mapping: 'failed/crm_refused_mapping',
      fix_record: 'failed/crm_refused_record',
      resolve: 'waiting/crm_unavailable',
      bug: 'failed/internal_error',
    };
    const actual = DISPOSITIONS.map((disposition) => {
      const { state, reason } = crmFailed(fresh, failure(disposition), now, policy);
      return [disposition, `${state}/${reason}`];
    });
    expect(Object.fromEntries(actual)).toEqual(expected);
  });

  it('only waiting outcomes have a due time, and all of them do', () => {
    for (const disposition of DISPOSITIONS) {
      const { state, dueAt } = crmFailed(fresh, failure(disposition), now, policy);
      expect(dueAt !== undefined).toBe(state === 'waiting');
    }
  });

  it('a limit charges no attempt and waits as long as the CRM asked', () => {
    const row = { attempts: 5, failingSince: now };
    const outcome = crmFailed(row, failure('throttle', { retryAfterMs: 10_000 }), now, policy);
    expect(outcome.attempts).toBe(5);
    expect(outcome.dueAt).toEqual(new Date(now.getTime() + 10_000));
  });

  it('a conflict is tried again a few times, then shown to a person', () => {
    const states = [0, 1, 2, 3].map(
      (attempts) => crmFailed({ attempts, failingSince: now }, failure('resolve'), now, policy).state,
    );
    expect(states).toEqual(['waiting', 'waiting', 'failed', 'failed']);
  });

  it('a record that kept failing past the limit is given up with its own reason', () => {
    const since = new Date(now.getTime() - DUE_POLICY.giveUpAfter - 1);
    const outcome = crmFailed({ attempts: 300, failingSince: since }, failure('retry'), now, policy);
    expect(outcome.reason).toBe('crm_unavailable_too_long');
  });

  it('nothing of the vendor text gets into the ledger', () => {
    for (const disposition of DISPOSITIONS) {
      expect(JSON.stringify(crmFailed(fresh, failure(disposition), now, policy))).not.toContain('secret words');
    }
  });
});

describe('what a silent source means', () => {
  it('it is asked for ever, never given up', () => {
    const row = { attempts: 1000, failingSince: new Date(0) };
    for (const kind of ['unavailable', 'timeout', 'rate_limited', 'unauthorized', 'invalid_response']) {
      expect(sourceFailed(row, { kind, code: kind }, now, policy).state).toBe('waiting');
    }
  });

  it('its Retry-After is honoured when it is longer than our own wait', () => {
    const outcome = sourceFailed(fresh, { kind: 'rate_limited', code: 'http_429', retryAfterMs: 60_000 }, now, policy);
    expect(outcome.dueAt).toEqual(new Date(now.getTime() + 60_000));
  });

  it('an unknown conversation is asked for until the last poll, then somebody has to look', () => {
    expect(unknownAtSource(fresh, now, policy).reason).toBe('source_conversation_unknown');
    const dayLater = new Date(now.getTime() + 24 * 3_600_000);
    expect(unknownAtSource(fresh, dayLater, policy).reason).toBe('source_conversation_missing');
  });
});

describe('the ledger', () => {
  it('a claimed row can reach every state a reason names, and a row at rest only becomes due', () => {
    const named = new Set(Object.values(REASONS).map((reason) => reason.state));
    for (const state of named) expect(mayMove('in_progress', state)).toBe(true);
    for (const state of ['synced', 'skipped', 'needs_review', 'failed'] as const) {
      expect(LEDGER_TRANSITIONS[state]).toEqual(['due']);
    }
    expect(LEDGER_STATES).toHaveLength(7);
  });

  it('a reason that asks somebody to act says how', () => {
    for (const { who, action } of Object.values(REASONS)) expect(action !== '').toBe(who !== 'nobody');
  });
});
