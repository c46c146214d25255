import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { DISPOSITIONS } from '../../src/domain/crm.ts';
import type { FailureClass } from '../connectors/hubspot/failure-matrix-faults.ts';
import { DirectDelivery } from '../support/direct-delivery.ts';
import {
  arrive,
  asksForPerson,
  clearUp,
  expectFailureIsSurvived,
  keepFailing,
  type Batch,
  type Failure,
  type MatrixParts,
  type Member,
  type Standing,
  type Step,
} from '../support/failure-matrix.ts';
import { ALL_FAILURES, verdictOf } from '../support/hubspot-failures.ts';

const TOKEN = 'sandbox-hubspot-token';
/** Long enough for a busy machine, and waited out once for every stall. */
const REQUEST_TIMEOUT_MS = 500;

interface HubSpotStep extends Step {
  /** As traces name it. */
  readonly endpoint: string;
  /** The requests of the step, as a part of their path. */
  readonly path: string;
  /** What only the requests about the victim hold; absent where a refusal is always of all. */
  readonly victimIn?: (batch: Batch) => string;
}

let sandbox: HubSpotSandbox;
let parts: MatrixParts;

const everybody = () => true;

const STEPS: readonly HubSpotStep[] = [
  {
    name: 'preparing the account',
    endpoint: 'properties',
    path: '/crm/properties/',
    isFor: everybody,
    oncePerWriter: true,
  },
  { name: 'the look-up', endpoint: 'search', path: '/contacts/search', isFor: everybody },
  {
    name: 'reading people who are remembered',
    endpoint: 'batch-read',
    path: '/contacts/batch/read',
    isFor: everybody,
    prepare: async ({ all }) => {
      await arrive(
        parts.delivery,
        all.map((member) => ({ ...member, id: `${member.id}_earlier` })),
      );
      await parts.patient.deliver();
    },
  },
  {
    name: 'the contact',
    endpoint: 'batch-upsert',
    path: '/contacts/batch/(upsert|create)',
    victimIn: ({ victim }) => victim.number,
    isFor: everybody,
  },
  {
    name: 'the call',
    endpoint: 'batch-upsert',
    path: '/calls/batch/upsert',
    victimIn: ({ victim }) => victim.id,
    isFor: everybody,
  },
  {
    name: 'the task',
    endpoint: 'batch-upsert',
    path: '/tasks/batch/upsert',
    victimIn: ({ victim }) => victim.id,
    isFor: asksForPerson,
  },
  {
    name: 'the link',
    endpoint: 'associate',
    path: '/batch/associate/default',
    victimIn: ({ victim }) => `"to":{"id":"${contactsOf(victim)[0]?.id}"}`,
    isFor: everybody,
    prepare: ({ all }) => {
      sandbox.seedRecords(
        'contacts',
        all.map(({ number }) => ({ firstname: 'Jane', phone: number })),
      );
    },
  },
];

/** What is tried again by itself, and how it ends when that never helps. */
const ENDLESS = [
  ['409', 'crm_refused_record', 3],
  // A try a day: the fourth is more than 72 hours after the first.
  ['500', 'crm_unavailable_too_long', 4],
] as const;

const CASES = STEPS.flatMap((step) => ALL_FAILURES.map((each) => [step.name, each.name, step, each] as const));

describe('whatever HubSpot answers to whichever request of a delivery', () => {
  beforeAll(async () => {
    // What is written is never seen by a search while this test lasts.
    sandbox = await startHubSpotSandbox({
      limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
      searchLagMs: 600_000,
    });
    const connection = { crm: 'hubspot', baseUrl: sandbox.url, credentials: { accessToken: { env: 'TOKEN' } } };
    const delivery = await DirectDelivery.open({ connection, token: TOKEN });
    parts = {
      delivery,
      patient: delivery.writer(),
      impatient: delivery.writer(REQUEST_TIMEOUT_MS),
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      lift: () => sandbox.clearFaults(),
      standingOf,
    };
  });
  afterEach(() => clearUp(parts));
  afterAll(async () => {
    await parts.patient.close();
    await parts.impatient.close();
    await parts.delivery.close();
    await sandbox.close();
  });

  it('there are two answers at least for each disposition', () => {
    const counts = DISPOSITIONS.map((each) => ALL_FAILURES.filter(({ disposition }) => disposition === each).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
  });

  it.each(CASES)(
    '%s, %s: the ledger says what the registry says, and in the end each conversation is there once',
    async (_step, _failure, step, each) => {
      await expectFailureIsSurvived(parts, step, failureOf(step, each));
    },
  );

  it.each(ENDLESS)('%s for ever on the call ends as %s, after %i tries', async (name, reason, attempts) => {
    const [step, each] = [STEPS.find((one) => one.name === 'the call'), ALL_FAILURES.find((one) => one.name === name)];
    if (step === undefined || each === undefined) throw new Error('there are such');
    expect(await keepFailing(parts, failureOf(step, each))).toEqual({ attempts, state: 'failed', reason });
  });
});

function failureOf({ endpoint, path, victimIn }: HubSpotStep, { name, fault, concerns }: FailureClass): Failure {
  const aboutVictim = concerns === 'an input' && victimIn !== undefined;
  return {
    name,
    verdict: verdictOf(fault, endpoint),
    concerns: aboutVictim ? 'the victim' : 'the call',
    waits: fault.kind === 'stall' || fault.kind === 'stall-body',
    begin: (batch) =>
      sandbox.injectFault({
        match: { path, ...(aboutVictim ? { body: victimIn(batch) } : {}) },
        times: Number.MAX_SAFE_INTEGER,
        fault,
      }),
  };
}

function contactsOf({ number }: Member) {
  return sandbox.findByProperty('contacts', 'phone', number);
}

function standingOf(member: Member): Standing {
  const contacts = contactsOf(member);
  const calls = sandbox.findByProperty('calls', 'hs_call_external_id', member.id);
  const tasks = sandbox.findByProperty('tasks', 'personadesk_task_key', `ten_test:${member.id}:handoff`);
  const timelines = [...calls, ...tasks].map(({ associations }) => associations.map(({ id }) => id));
  const [person] = contacts;
  return {
    people: contacts.length,
    activities: calls.length,
    tasks: tasks.length,
    linked: timelines.every((ids) => ids.length === 1 && ids[0] === person?.id),
  };
}
