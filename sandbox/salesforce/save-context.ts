import type { Org } from './org.ts';

/** Who saves, and what the request's headers ask for. */
export interface SaveContext {
  readonly org: Org;
  readonly userId: string;
  /** Assignment rules run unless `Sforce-Auto-Assign: FALSE` says otherwise (default TRUE, on updates too). */
  readonly autoAssign: boolean;
  /** `allowSave=true` of the duplicate rule header: alerts are passed over, blocks are not. */
  readonly allowSave: boolean;
}

/** The oldest API version that knows `Sforce-Duplicate-Rule-Header` in REST. */
const duplicateHeaderSince = 52;

/** Reads the two headers that change what a save does. */
export function saveContext(
  org: Org,
  userId: string,
  version: number,
  header: (name: string) => string | undefined,
): SaveContext {
  const settings = (header('sforce-duplicate-rule-header') ?? '').split(';').map((part) => part.trim().toLowerCase());
  return {
    org,
    userId,
    autoAssign: header('sforce-auto-assign')?.toUpperCase() !== 'FALSE',
    allowSave: version >= duplicateHeaderSince && settings.includes('allowsave=true'),
  };
}
