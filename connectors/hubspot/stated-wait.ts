const SECOND_MS = 1_000;
/** HubSpot's longest documented wait, for a migration (477). A longer one is read as a mistake, such as milliseconds. */
const LONGEST_MS = 86_400_000;

/**
 * What Retry-After asks for, in milliseconds; undefined when it is absent or makes no sense.
 *
 * HubSpot documents the header for 477 only, in seconds; some clients see it on 429 too.
 */
export function statedWaitMs(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
  const value = headers['retry-after']?.trim();
  if (value === undefined || value === '') return undefined;
  const waitMs = /^\d+(?:\.\d+)?$/.test(value) ? Number(value) * SECOND_MS : Date.parse(value) - nowMs;
  return waitMs > 0 && waitMs <= LONGEST_MS ? Math.ceil(waitMs) : undefined;
}
