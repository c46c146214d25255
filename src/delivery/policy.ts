import { BUDGET_POLICY, type BudgetPolicy } from '../../connectors/budget/limits.ts';
import { DUE_POLICY, type DuePolicy } from '../domain/due-time.ts';

/** Numbers of the delivery, all in one place so that tests and operators can change them. Times in milliseconds. */
export interface DeliveryPolicy extends DuePolicy {
  /** Conversations per batch; HubSpot takes 100 records per call. */
  readonly batchSize: number;
  /**
   * Conversations of a batch for a CRM that takes large amounts in another way, when nothing but backfill is due. Not
   * more than are loaded and looked up in half of the time a batch has.
   */
  readonly largeBatchSize: number;
  /** Milliseconds after its start when such a batch stops waiting for what the CRM works on by itself. */
  readonly largeBatchWait: number;
  /** How long a connection is left alone after a batch in which every record failed for want of a working CRM. */
  readonly outagePause: number;
  /** A unique value held by another record is tried again this often before a person is asked. */
  readonly conflictAttempts: number;
  /** How long a conversation's snapshot is kept for explain and preview. */
  readonly snapshotRetention: number;
  /** How much of the CRM's limits is used for what. */
  readonly budget: BudgetPolicy;
}

export const DELIVERY_POLICY: DeliveryPolicy = {
  ...DUE_POLICY,
  batchSize: 100,
  largeBatchSize: 2_500,
  largeBatchWait: 25_000,
  outagePause: 2_000,
  conflictAttempts: 3,
  snapshotRetention: 90 * 24 * 3_600_000,
  budget: BUDGET_POLICY,
};
