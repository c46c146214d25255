import type { AttemptTrace } from '../../domain/trace.ts';

/**
 * Reads a stored trace; undefined for an attempt that noted nothing, or was noted by a release that wrote it otherwise:
 * an explanation without its details is better than none.
 */
export function readAttemptTrace(stored: unknown): AttemptTrace | undefined {
  return isAttemptTrace(stored) ? stored : undefined;
}

/** What our own delivery wrote and sealed needs no check of every part; its outline tells the releases apart. */
function isAttemptTrace(stored: unknown): stored is AttemptTrace {
  if (typeof stored !== 'object' || stored === null) return false;
  const outline = new Map(Object.entries(stored) as [string, unknown][]); // any values otherwise
  return (
    typeof outline.get('source') === 'string' &&
    ['wrote', 'failures', 'warnings', 'requests'].every((part) => Array.isArray(outline.get(part)))
  );
}
