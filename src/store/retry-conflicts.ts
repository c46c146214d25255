import { StoreError } from './store-error.ts';

/** Deadlock and serialisation failure: PostgreSQL rolled the transaction back so that another could go on. */
const CONFLICTS: ReadonlySet<string> = new Set(['40P01', '40001']);
const ATTEMPTS = 3;

/** Runs a whole transaction again when it lost against another one; nothing of the lost one remains. */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= ATTEMPTS || !(error instanceof StoreError && CONFLICTS.has(error.code))) throw error;
    }
  }
}
