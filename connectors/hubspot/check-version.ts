import type { Finding } from '../../src/domain/crm.ts';
import type { ApiVersion } from './api.ts';

/** When each version became generally available (HubSpot's changelog), UTC. */
const AVAILABLE_SINCE: Readonly<Record<ApiVersion, number>> = {
  '2026-03': Date.UTC(2026, 2, 30),
  '2026-09': Date.UTC(2026, 8, 8),
};

/** A dated version is unsupported this many months after it became available (HubSpot's page on versioning). */
const SUPPORTED_MONTHS = 18;
/** A new version comes every half year: by then there is one to move to. */
const WARN_DAYS = 180;
const DAY_MS = 86_400_000;

/** How long the version in use is supported. Afterwards it may go on working, without fixes. */
export function checkVersion(version: ApiVersion, nowMs: number): Finding {
  const end = new Date(AVAILABLE_SINCE[version]);
  end.setUTCMonth(end.getUTCMonth() + SUPPORTED_MONTHS);
  const days = Math.ceil((end.getTime() - nowMs) / DAY_MS);
  const date = end.toISOString().slice(0, 10);
  const fix = 'The operator: move the connection to a newer API version, in a sandbox account first.';
  if (days <= 0) {
    const what = `HubSpot's API ${version} has been unsupported since ${date}.`;
    return { severity: 'error', code: 'api_version_ended', what, fix, fixable: false };
  }
  const what = `HubSpot's API ${version} is supported until ${date} (${days} days).`;
  return days <= WARN_DAYS
    ? { severity: 'warning', code: 'api_version_ending', what, fix, fixable: false }
    : { severity: 'ok', code: 'api_version_supported', what, fix: '', fixable: false };
}
