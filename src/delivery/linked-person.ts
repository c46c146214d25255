import type { RecordRef } from '../domain/crm.ts';
import type { Loaded } from './steps.ts';

/**
 * The person on whose timeline this conversation already is. Not trusted after a failure: somebody may have deleted that
 * record, and the failure may be about just that.
 */
export function linkedPerson({ row }: Pick<Loaded, 'row'>): RecordRef | undefined {
  return row.attempts === 0 ? row.written.activity?.linkedTo : undefined;
}
