import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { notAccessible } from '../../connectors/salesforce/schema.ts';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { DISPOSITIONS, type CrmFailure } from '../../src/domain/crm.ts';
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
import { FAULTS, REFUSALS_OF_ROWS, verdictOf, verdictOfRow } from '../support/salesforce-failures.ts';

const TOKEN = 'sandbox-salesforce-token';
const TASK_KEY = 'PersonaDesk_Conversation_Id__c';
/** Long enough for a busy machine, and waited out once for every stall. */
const REQUEST_TIMEOUT_MS = 500;
interface SalesforceStep extends Step {
  /** The requests of the step. */
  readonly match: { readonly method?: string; readonly path: string; readonly body?: string };
  /** Where the registry has a verdict of its own for this step, and why is said beside it. */
  readonly verdicts?: Readonly<Record<string, CrmFailure>>;
  /** The save that is refused for the victim alone; absent for steps that save nothing of one caller's own. */
  readonly save?: { readonly object: 'Lead' | 'Task'; readonly field: string; readonly of: (victim: Member) => string };
}

let salesforce: SalesforceSandbox;
let parts: MatrixParts;

const everybody = () => true;

const STEPS: readonly SalesforceStep[] = [
  {
    name: 'reading the schema',
    match: { path: '/describe' },
    isFor: everybody,
    oncePerWriter: true,
    // An object that is not there is one that the integration user may not see.
    verdicts: { '404 NOT_FOUND': notAccessible('Task') },
  },
  { name: 'the look-up', match: { method: 'POST', path: '/composite$' }, isFor: everybody },
  {
    name: 'reading people who are remembered',
    match: { method: 'POST', path: '/composite$' },
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
    name: 'the lead',
    match: { path: '/sobjects/Lead/' },
    save: { object: 'Lead', field: 'Phone', of: ({ number }) => number.slice(1) },
    isFor: everybody,
  },
  {
    name: 'the logged call',
    match: { path: '/sobjects/Task/', body: '"CallObject"' },
    save: { object: 'Task', field: 'CallObject', of: ({ id }) => id },
    isFor: everybody,
  },
  {
    name: 'the follow-up task',
    match: { path: '/sobjects/Task/', body: ':handoff"' },
    save: { object: 'Task', field: TASK_KEY, of: ({ id }) => `${id}:handoff` },
    isFor: asksForPerson,
  },
  // The task was written at once, before its caller had become a lead.
  { name: 'the link', match: { method: 'PATCH', path: '/composite/sobjects$' }, isFor: asksForPerson },
];

const CASES = STEPS.flatMap((step) =>
  [...failuresOfCalls(step), ...failuresOfRows(step)].map(
    (failure) => [step.name, failure.name, step, failure] as const,
  ),
);

/** What is tried again by itself, and how it ends when that never helps. */
const ENDLESS = [
  ['a row with DUPLICATES_DETECTED', 'crm_refused_record', 3],
  // A try a day: the fourth is more than 72 hours after the first.
  ['500 UNKNOWN_EXCEPTION', 'crm_unavailable_too_long', 4],
] as const;

describe('whatever Salesforce answers to whichever request of a delivery', () => {
  beforeAll(async () => {
    salesforce = await startSalesforceSandbox({ dailyRequests: null });
    const connection = { crm: 'salesforce', baseUrl: salesforce.url, credentials: { accessToken: { env: 'TOKEN' } } };
    const delivery = await DirectDelivery.open({ connection, token: TOKEN });
    parts = {
      delivery,
      patient: delivery.writer(),
      impatient: delivery.writer(REQUEST_TIMEOUT_MS),
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      lift: () => {
        salesforce.clearFaults();
        salesforce.setOptions({ validationRules: [] });
      },
      standingOf,
    };
  });
  afterEach(() => clearUp(parts));
  afterAll(async () => {
    await parts.patient.close();
    await parts.impatient.close();
    await parts.delivery.close();
    await salesforce.close();
  });

  it('there are two answers at least for each disposition', () => {
    const verdicts = new Map(CASES.map(([, name, , { verdict }]) => [name, verdict.disposition]));
    const counts = DISPOSITIONS.map((each) => [...verdicts.values()].filter((verdict) => verdict === each).length);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
  });

  it.each(CASES)(
    '%s, %s: the ledger says what the registry says, and in the end each conversation is there once',
    async (_step, _failure, step, failure) => {
      await expectFailureIsSurvived(parts, step, failure);
    },
  );

  it.each(ENDLESS)('%s for ever on the logged call ends as %s, after %i tries', async (name, reason, attempts) => {
    const found = CASES.find(([step, failure]) => step === 'the logged call' && failure === name);
    if (found === undefined) throw new Error('there is such a case');
    expect(await keepFailing(parts, found[3])).toEqual({ attempts, state: 'failed', reason });
  });
});

function failuresOfCalls({ match, verdicts }: SalesforceStep): readonly Failure[] {
  return Object.entries(FAULTS).map(([name, fault]) => ({
    name,
    verdict: verdicts?.[name] ?? verdictOf(fault),
    concerns: 'the call',
    waits: fault.kind === 'stall' || fault.kind === 'stall-body',
    begin: () => salesforce.injectFault({ match, times: Number.MAX_SAFE_INTEGER, fault }),
  }));
}

function failuresOfRows({ save }: SalesforceStep): readonly Failure[] {
  if (save === undefined) return [];
  const { object, field, of } = save;
  return REFUSALS_OF_ROWS.map((code) => ({
    name: `a row with ${code}`,
    verdict: verdictOfRow(code),
    concerns: 'the victim',
    waits: false,
    begin: ({ victim }: Batch) => {
      const rule = { object, field, matches: `${of(victim)}$`, message: 'no', code };
      salesforce.setOptions({ validationRules: [rule] });
    },
  }));
}

function standingOf(member: Member): Standing {
  const people = salesforce.findByField('Lead', 'Phone', member.number);
  const calls = salesforce.findByField('Task', 'CallObject', member.id);
  const tasks = salesforce.findByField('Task', TASK_KEY, `ten_test:${member.id}:handoff`);
  const [person] = people;
  return {
    people: people.length,
    activities: calls.length,
    tasks: tasks.length,
    linked: [...calls, ...tasks].every(({ fields }) => fields.WhoId === person?.id),
  };
}
