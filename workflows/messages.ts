import { defineSignal } from '@temporalio/workflow';
import { SIGNALS } from '../temporal.config.ts';

/** Says that something may be due. Carries nothing: the ledger knows what. */
export const wakeSignal = defineSignal(SIGNALS.wake);
