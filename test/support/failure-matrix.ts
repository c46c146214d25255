import { expect } from '@jest/globals';
import type { CrmFailure } from '../../src/domain/crm.ts';
import { crmFailed } from '../../src/domain/outcome.ts';
import type { DirectDelivery, Writer } from './direct-delivery.ts';
import { call, completed, eventsOf } from './scenario-data.ts';

/** A conversation of the batch. The bystander asks for nobody to call back; the other two do. */
export interface Member {
  readonly role: 'victim' | 'neighbour' | 'bystander';
  readonly id: string;
  readonly number: string;
}

/** The three conversations of one batch, of three callers whom the CRM does not know. */
export interface Batch {
  readonly victim: Member;
  readonly all: readonly Member[];
}

/** One thing that a CRM says, or does not say, to one request of a delivery. */
export interface Failure {
  readonly name: string;
  /** What the CRM's registry makes of it. */
  readonly verdict: CrmFailure;
  /** Whom it is about: everything in the request, or the record of the victim alone. */
  readonly concerns: 'the call' | 'the victim';
  /** The answer stays away: the client's deadline ends the request. */
  readonly waits: boolean;
  /** Makes the step go wrong in this way from now on. */
  readonly begin: (batch: Batch) => void;
}

/** One step of the delivery that asks something of the CRM. */
export interface Step {
  readonly name: string;
  /** Whether the conversation needs it. */
  readonly isFor: (member: Member) => boolean;
  /** What must have happened before, for the step to be needed. */
  readonly prepare?: (batch: Batch) => Promise<void> | void;
  /** Done once per writer: a failure is met by a new one only. */
  readonly oncePerWriter?: boolean;
}

/** What stands in the CRM for one conversation: how many of each, and on whose timelines they are. */
export interface Standing {
  readonly people: number;
  readonly activities: number;
  readonly tasks: number;
  /** True when every one of the records is on the one person's timeline. */
  readonly linked: boolean;
}

export interface MatrixParts {
  readonly delivery: DirectDelivery;
  readonly patient: Writer;
  readonly impatient: Writer;
  readonly requestTimeoutMs: number;
  readonly lift: () => void;
  readonly standingOf: (member: Member) => Standing;
}

const DAY_MS = 86_400_000;

let serial = 0;

/** Three new conversations, each with a caller of its own. */
function newBatch(): Batch {
  serial += 1;
  const member = (role: Member['role'], digit: number): Member => ({
    role,
    id: `conv_${serial}_${role}`,
    number: `+1555${String(2_000_000 + serial * 10 + digit)}`,
  });
  const victim = member('victim', 1);
  return { victim, all: [victim, member('neighbour', 2), member('bystander', 3)] };
}

/** Ended calls arrive, some of which asked for somebody to call back. */
export async function arrive(delivery: DirectDelivery, members: readonly Member[]): Promise<void> {
  delivery.personaDesk.addConversations(members.map(({ id, number }) => call(id, number)));
  await delivery.hear(
    ...members.map(({ id, number }) => completed(id, number)),
    ...members.filter(asksForPerson).map(({ id, number }) => eventsOf(id, number)[2]),
  );
}

export function asksForPerson({ role }: Member): boolean {
  return role !== 'bystander';
}

/**
 * Delivers a batch while one of its steps fails, and again once it does not. Whoever is hit ends as the registry of
 * dispositions says, everybody else is delivered, and at the end each conversation stands in the CRM once.
 */
export async function expectFailureIsSurvived(parts: MatrixParts, step: Step, failure: Failure): Promise<void> {
  const { delivery } = parts;
  const batch = newBatch();
  await step.prepare?.(batch);
  await arrive(delivery, batch.all);
  failure.begin(batch);
  await deliverOnce(parts, step, failure);

  const isHit = (member: Member) => step.isFor(member) && (failure.concerns === 'the call' || member.role === 'victim');
  for (const member of batch.all) {
    const { state, reason, vendorCode } = await delivery.row(member.id);
    expect([member.role, state, reason, vendorCode]).toEqual([
      member.role,
      ...(isHit(member) ? ledgerSays(failure.verdict, delivery) : ['synced', 'written', undefined]),
    ]);
    expectNothingTwice(parts.standingOf(member));
  }

  parts.lift();
  await mend(delivery, batch);
  await parts.patient.deliver();
  for (const member of batch.all) {
    expect([member.role, (await delivery.row(member.id)).state]).toEqual([member.role, 'synced']);
    expect([member.role, parts.standingOf(member)]).toEqual([member.role, onceOf(member)]);
  }
}

/**
 * Delivers again and again while a step keeps failing, each time a day later, until the victim is given up.
 *
 * @returns how often it was tried, and what the ledger says in the end
 */
export async function keepFailing(
  parts: MatrixParts,
  failure: Failure,
): Promise<{ readonly attempts: number; readonly state: string; readonly reason: string }> {
  const { delivery, patient } = parts;
  const batch = newBatch();
  await arrive(delivery, batch.all);
  failure.begin(batch);
  for (let attempts = 1; attempts <= 20; attempts += 1) {
    await patient.deliver();
    const { state, reason } = await delivery.row(batch.victim.id);
    if (state !== 'waiting') return { attempts, state, reason };
    delivery.passTime(DAY_MS);
  }
  throw new Error('it is never given up');
}

/** For after a test: one that failed leaves nothing in the way of the next. */
export async function clearUp({ delivery, lift }: MatrixParts): Promise<void> {
  lift();
  await delivery.store.connections.resume(delivery.connectionId);
}

/** What the registry makes of the first failure of a conversation. */
function ledgerSays(verdict: CrmFailure, delivery: DirectDelivery): readonly unknown[] {
  const row = { attempts: 0, failingSince: undefined };
  const { state, reason, vendorCode } = crmFailed(row, verdict, delivery.now(), delivery.policy);
  return [state, reason, vendorCode];
}

function expectNothingTwice({ people, activities, tasks }: Standing): void {
  expect(Math.max(people, activities, tasks)).toBeLessThanOrEqual(1);
}

function onceOf(member: Member): Standing {
  return { people: 1, activities: 1, tasks: asksForPerson(member) ? 1 : 0, linked: true };
}

async function deliverOnce(parts: MatrixParts, step: Step, { waits }: Failure): Promise<void> {
  if (step.oncePerWriter !== true) return (waits ? parts.impatient : parts.patient).deliver();
  const fresh = parts.delivery.writer(waits ? parts.requestTimeoutMs : undefined);
  await fresh.deliver();
  await fresh.close();
}

/** What people do when they have read the reason, and the time that passes by itself. */
async function mend(delivery: DirectDelivery, { all }: Batch): Promise<void> {
  const { store, connectionId } = delivery;
  const connection = await store.connections.get(connectionId);
  if (connection?.state.kind === 'broken') await store.connections.resume(connectionId);
  const parkedUntil = connection?.state.kind === 'active' ? connection.state.parkedUntil : undefined;
  const rows = await Promise.all(all.map(({ id }) => delivery.row(id)));
  for (const { state, conversationId } of rows) {
    if (state === 'failed') await store.ledger.requeue({ connectionId, conversationId, now: delivery.now() });
  }
  const dueTimes = [parkedUntil, ...rows.map(({ dueAt }) => dueAt)].map((at) => at?.getTime() ?? 0);
  delivery.passTime(Math.max(0, Math.max(...dueTimes) - delivery.now().getTime()) + 1);
}
