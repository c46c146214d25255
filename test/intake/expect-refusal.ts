import { expect } from '@jest/globals';
import { problemOf, type RunningIntake } from './start-intake.ts';

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

/** A refusal is a problem document with its own code, and is counted once. */
export async function expectRefusal(
  intake: RunningIntake,
  response: Response,
  status: number,
  code: string,
  outcome: string,
): Promise<void> {
  expect(await problemOf(response)).toMatchObject({ status, code, type: PROBLEM_TYPE });
  expect(await intake.metric(`intake_events_total{outcome="${outcome}"}`)).toBe(1);
}
