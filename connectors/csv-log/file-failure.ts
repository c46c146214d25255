import type { CrmFailure, Disposition } from '../../src/domain/crm.ts';

/** Errors that only a person can mend: the folder belongs to somebody else, or is none. */
const FOR_A_PERSON: ReadonlySet<string> = new Set(['EACCES', 'EEXIST', 'EPERM', 'EROFS', 'ENOTDIR', 'EISDIR', 'ELOOP']);

/** A file system's error as a refusal; undefined for any other error. Its words name paths only, and are left out too. */
export function fileFailure(error: unknown): CrmFailure | undefined {
  const code = systemCode(error);
  if (code === undefined) return undefined;
  // A full disk or a folder that is gone for a moment passes: the folder is made anew with the next batch.
  return failure(FOR_A_PERSON.has(code) ? 'reconnect' : 'retry', `csv-log.${code}`);
}

/** A refusal of our own. */
export function failure(disposition: Disposition, code: string, field?: string): CrmFailure {
  return { disposition, code, status: undefined, retryAfterMs: undefined, field, vendorText: undefined };
}

/** The code of a file system's error, such as `ENOENT`; undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
  // By shape: an error of another realm (a VM context) is no instance of this one's Error.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined;
}
