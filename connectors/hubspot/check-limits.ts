import type { Finding, QuotaReading } from '../../src/domain/crm.ts';

/** Below this part of a limit there is little room left. */
const LOW = 0.1;

/** What is left of the limits, as the answers to this very check said. */
export function checkLimits(readings: readonly QuotaReading[]): readonly Finding[] {
  return readings.map((reading) => {
    const { limit, allowed, remaining } = reading;
    const common = { what: `${remaining} of ${allowed} requests are left of the ${limit} limit.`, fixable: false };
    if (remaining > allowed * LOW) return { ...common, severity: 'ok', code: `${limit}_limit`, fix: '' };
    const severity = remaining === 0 ? 'error' : 'warning';
    return { ...common, severity, code: `${limit}_limit_low`, fix: FIX[limit] ?? FIX_OTHER };
  });
}

/** HubSpot's usage guidelines: the daily limit is the account's, the ten-secondly one the app's. */
const FIX: Readonly<Record<string, string>> = {
  daily:
    'A super admin: Settings > Integrations > Connected Apps shows which app uses the calls of the day; slow a backfill down, or buy the API limit increase.',
  ten_secondly: 'It frees itself within ten seconds; an app of its own for CRM Sync shares this limit with nobody.',
};
const FIX_OTHER = 'Wait until the limit starts over.';
