import { afterEach, describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../sandbox/server/faults.ts';
import { openBulkOrg, said, tasks, TASKS, THRESHOLD, type BulkOrg } from './bulk-org.ts';
import { CONVERSATION_KEY } from './connected-org.ts';

const HANDED_IN = ['bulk-job', 'bulk-upload', 'bulk-job'];
const UNFINISHED = 'salesforce.BULK_NOT_FINISHED';
const CREATE_ONLY = new Set(['TaskSubtype']);

let org: BulkOrg;
afterEach(() => org.stop());

const all = (text: string, count = THRESHOLD) => Array<string>(count).fill(text);
const keys = (of: BulkOrg) =>
  of.sandbox
    .records('Task')
    .map(({ fields }) => String(fields[CONVERSATION_KEY]))
    .toSorted();
const answers = (status: number, errorCode: string): Fault => ({
  kind: 'status',
  status,
  body: [{ errorCode, message: 'No.' }],
});

describe('a large backfill', () => {
  it('goes as one job, whose rows are told apart by their external ids', async () => {
    org = await openBulkOrg();
    org.sandbox.seedRecords('Task', [{ [CONVERSATION_KEY]: 'conv_3', Subject: 'Old' }]);
    const outcomes = await org.write(TASKS, tasks(THRESHOLD));
    expect(said(outcomes)).toEqual(['created', 'created', 'created', 'updated', 'created']);
    expect(org.asked()).toEqual([...HANDED_IN, 'bulk-poll', 'bulk-results']);
    const bySubject = new Map(org.sandbox.records('Task').map(({ fields, id }) => [fields.Subject, id]));
    outcomes.forEach((outcome, n) => expect(outcome).toMatchObject({ id: bySubject.get(`Call ${n}`) }));
  });

  it('a smaller one, other traffic and records without an external id go as collections', async () => {
    org = await openBulkOrg();
    await org.write(TASKS, tasks(THRESHOLD - 1));
    await org.writerOf({ trafficClass: 'live' })(TASKS, tasks(THRESHOLD, {}, 'live_'));
    await org.write({ kind: 'create' }, tasks(THRESHOLD, {}, 'new_'));
    expect(org.asked()).toEqual(['collection-upsert', 'collection-upsert', 'collection-create']);
  });

  it('rows that the org refuses are refused alone, each with its own code and field', async () => {
    org = await openBulkOrg({
      validationRules: [
        { object: 'Task', field: 'Subject', matches: '^Call 1$', message: 'Not "this": one,\nplease' },
        { object: 'Task', field: 'Subject', matches: '^Call 2$', message: 'busy', code: 'UNABLE_TO_LOCK_ROW' },
      ],
    });
    const payloads = tasks(THRESHOLD).map((task, n) => (n === 3 ? { ...task, WhoId: '003000000000001AAA' } : task));
    const outcomes = await org.write(TASKS, payloads);
    expect(outcomes.map((each) => (each.kind === 'done' ? 'done' : each.failure.disposition))).toEqual([
      'done',
      'fix_record',
      'retry',
      'resolve',
      'done',
    ]);
    expect(outcomes[1]).toMatchObject({
      failure: { code: 'salesforce.FIELD_CUSTOM_VALIDATION_EXCEPTION', field: 'Subject', status: undefined },
    });
  });

  it('who a duplicate rule refuses goes once more as a collection, which says whom it takes him for', async () => {
    org = await openBulkOrg({ duplicateRules: [{ object: 'Task', fields: ['Subject'], action: 'block' }] });
    org.sandbox.seedRecords('Task', [{ Subject: 'Call 1' }]);
    const outcomes = await org.write(TASKS, tasks(THRESHOLD));
    expect(said(outcomes)[1]).toBe('salesforce.DUPLICATES_DETECTED');
    expect(org.asked()).toEqual([...HANDED_IN, 'bulk-poll', 'bulk-results', 'bulk-results', 'collection-upsert']);
  });

  it('hostile texts arrive as they were; what CSV cannot carry goes as a collection', async () => {
    org = await openBulkOrg();
    const texts = ['=1+1', '"q", \'s\'; x', ' a \n b ', '🎉 ünïcode \u2028', '#N/A', `${'x"'.repeat(15_999)}🎉`];
    const outcomes = await org.write(
      TASKS,
      tasks(texts.length).map((task, n) => ({ ...task, Description: texts[n] })),
    );
    expect(said(outcomes)).toEqual(all('created', texts.length));
    const found = new Map(org.sandbox.records('Task').map(({ fields }) => [fields.Subject, fields.Description]));
    // Salesforce trims.
    texts.forEach((text, n) => expect(found.get(`Call ${n}`)).toBe(text.trim()));
    expect(org.asked()).toContain('collection-upsert');
  });

  it('carriage returns, which would spoil the whole file, are made line feeds', async () => {
    org = await openBulkOrg();
    await org.write(TASKS, tasks(THRESHOLD, { Description: 'one\r\ntwo\rthree' }));
    expect(org.sandbox.records('Task')[0]?.fields.Description).toBe('one\ntwo\nthree');
  });

  it('is cut into jobs of four megabytes', async () => {
    org = await openBulkOrg();
    const outcomes = await org.write(TASKS, tasks(200, { Description: 'é'.repeat(16_000) }));
    expect(said(outcomes)).toEqual(all('created', 200));
    expect(org.asked().filter((endpoint) => endpoint === 'bulk-upload')).toHaveLength(2);
  });
});

describe('waiting for a job', () => {
  it('looks after two seconds, then less and less often, at most every thirty', async () => {
    org = await openBulkOrg({ bulkJobMs: 120_000 });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
    // 2 + 3 + 4.5 + 6.75 + 10.125 + 15.1875 + 22.78125 + 30 + 30 s
    expect(org.asked().filter((endpoint) => endpoint === 'bulk-poll')).toHaveLength(9);
    expect(org.waited()).toBeCloseTo(124_343.75);
  });

  it('ends when the batch must end; whoever comes again finds the job, and sends nothing twice', async () => {
    org = await openBulkOrg({ bulkJobMs: null });
    const abort = new AbortController();
    org.onPause = () => abort.abort();
    const first = await org.writerOf({ hurry: abort.signal })(TASKS, tasks(THRESHOLD));
    expect(said(first)).toEqual(all(UNFINISHED));
    expect(first[0]).toMatchObject({ failure: { disposition: 'retry' } });
    expect(org.asked()).toEqual(HANDED_IN);
    const hurried = await org.writerOf({ hurry: abort.signal })(TASKS, tasks(THRESHOLD));
    expect([said(hurried), org.asked()]).toEqual([all(UNFINISHED), ['bulk-poll']]);
    org.sandbox.finishBulkJobs();
    const last = await org.write(TASKS, tasks(THRESHOLD));
    expect([said(last), org.asked()]).toEqual([all('created'), ['bulk-poll', 'bulk-results']]);
    await org.writerOf({ hurry: abort.signal })(TASKS, tasks(THRESHOLD));
    expect(org.asked()).toEqual(HANDED_IN);
  });

  it('a job is handed in even in a hurry, or a busy connection would never get on', async () => {
    org = await openBulkOrg();
    expect(said(await org.writerOf({ hurry: AbortSignal.abort() })(TASKS, tasks(THRESHOLD)))).toEqual(all(UNFINISHED));
    expect(org.asked()).toEqual(HANDED_IN);
  });

  it('a record that has changed meanwhile is written after its job, not before it', async () => {
    org = await openBulkOrg({ bulkJobMs: null });
    await org.writerOf({ hurry: AbortSignal.abort() })(TASKS, tasks(THRESHOLD));
    const [newer] = tasks(1, { Subject: 'Newer' });
    const live = org.writerOf({ trafficClass: 'live' });
    expect(said(await live(TASKS, newer === undefined ? [] : [newer]))).toEqual([UNFINISHED]);
    org.sandbox.finishBulkJobs();
    org.asked();
    expect(said(await live(TASKS, newer === undefined ? [] : [newer]))).toEqual(['updated']);
    expect(org.asked()).toEqual(['bulk-poll', 'bulk-results', 'collection-upsert']);
    expect(org.sandbox.findByField('Task', CONVERSATION_KEY, 'conv_0')[0]?.fields.Subject).toBe('Newer');
  });

  it('a person whose call is under way is written at once, past the job', async () => {
    org = await openBulkOrg({ bulkJobMs: null });
    const leads = { kind: 'upsert', object: 'Lead', key: 'PersonaDesk_Person_Key__c' } as const;
    const people = Array.from({ length: THRESHOLD }, (_, n) => ({
      attributes: { type: 'Lead' },
      PersonaDesk_Person_Key__c: `phone:${n}`,
      LastName: 'Doe',
      Company: 'X',
    }));
    await org.writerOf({ hurry: AbortSignal.abort() })(leads, people);
    expect(said(await org.writerOf({ trafficClass: 'live' })(leads, people.slice(0, 1)))).toEqual(['created']);
    org.sandbox.finishBulkJobs();
    expect(said(await org.write(leads, people))).toEqual(['updated', ...all('created', THRESHOLD - 1)]);
    expect(org.sandbox.records('Lead')).toHaveLength(THRESHOLD);
  });

  it('whether a create-only field was sent makes no other record of it', async () => {
    org = await openBulkOrg({ bulkJobMs: null });
    const hurried = org.writerOf({ hurry: AbortSignal.abort() });
    await hurried(TASKS, tasks(THRESHOLD), CREATE_ONLY);
    org.sandbox.finishBulkJobs();
    org.asked();
    const outcomes = await org.write(TASKS, tasks(THRESHOLD, { TaskSubtype: 'Call' }), CREATE_ONLY);
    expect([said(outcomes), org.asked()]).toEqual([all('created'), ['bulk-poll', 'bulk-results']]);
  });

  it('a job that goes on for an hour is ended, and its records go another way', async () => {
    org = await openBulkOrg({ bulkJobMs: null });
    await org.writerOf({ hurry: AbortSignal.abort() })(TASKS, tasks(THRESHOLD));
    org.pass(3_600_001);
    org.asked();
    expect(said(await org.writerOf({ trafficClass: 'retry' })(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
    expect(org.asked()).toEqual(['bulk-job', 'collection-upsert']);
    expect(org.sandbox.finishBulkJobs()).toBe(0);
  });

  it('a process that died after the upload left a job; the next one sends all again and makes no second record', async () => {
    org = await openBulkOrg({ bulkJobMs: 60_000 });
    await org.writerOf({ hurry: AbortSignal.abort() })(TASKS, tasks(THRESHOLD));
    expect(said(await org.otherProcess()(TASKS, tasks(THRESHOLD)))).toEqual(all('updated'));
    expect(keys(org)).toEqual(['conv_0', 'conv_1', 'conv_2', 'conv_3', 'conv_4']);
  });
});

describe('a job that does not go well', () => {
  it('one that fails half-way has written what it says it has; the rest comes again, without a job', async () => {
    org = await openBulkOrg({ bulkFailAfterRows: 2 });
    const outcomes = said(await org.write(TASKS, tasks(THRESHOLD)));
    expect(outcomes).toEqual([...all('created', 2), ...all('salesforce.BULK_JOB_FAILED', 3)]);
    org.asked();
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual([...all('updated', 2), ...all('created', 3)]);
    expect(org.asked()).toEqual(['collection-upsert']);
    org.pass(3_600_000);
    org.sandbox.setOptions({ bulkFailAfterRows: null });
    await org.write(TASKS, tasks(THRESHOLD));
    expect(org.asked()).toContain('bulk-upload');
  });

  it('rows that are in no result come again', async () => {
    org = await openBulkOrg({ bulkBatchesPerDay: 0 });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('salesforce.NO_RESULT'));
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
  });

  it('one that an administrator has aborted', async () => {
    org = await openBulkOrg({ bulkJobMs: null });
    await org.writerOf({ hurry: AbortSignal.abort() })(TASKS, tasks(THRESHOLD));
    await abortAll(org);
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('salesforce.BULK_JOB_FAILED'));
  });

  it('a column that is gone is the fault of the rows that have it', async () => {
    org = await openBulkOrg();
    const payloads = tasks(THRESHOLD).map((task, n) => (n === 1 ? { ...task, Gone__c: 'x' } : task));
    const outcomes = await org.write(TASKS, payloads);
    expect(outcomes[1]).toMatchObject({ failure: { code: 'salesforce.INVALID_FIELD', field: 'Gone__c' } });
    expect(said(outcomes)[0]).toBe('salesforce.BULK_JOB_FAILED');
  });

  it.each([
    ['FEATURENOTENABLED', 403],
    ['API_DISABLED_FOR_ORG', 403],
    ['INVALIDENTITY', 400],
    ['LIMIT_EXCEEDED', 400],
  ])('an org without it (%s): collections, at once and for an hour', async (code, status) => {
    org = await openBulkOrg();
    org.sandbox.injectFault({ match: { method: 'POST', path: 'jobs/ingest' }, fault: answers(status, code) });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
    await org.write(TASKS, tasks(THRESHOLD));
    expect(org.asked()).toEqual(['bulk-job', 'collection-upsert', 'collection-upsert']);
    org.pass(3_600_001);
    await org.write(TASKS, tasks(THRESHOLD));
    expect(org.asked()[0]).toBe('bulk-job');
  });

  it.each([
    ['REQUEST_LIMIT_EXCEEDED', 403, 'throttle'],
    ['INVALID_SESSION_ID', 401, 'reconnect'],
    ['UNKNOWN_EXCEPTION', 500, 'retry'],
  ])('%s on opening is the failure of every row, and nothing more is asked', async (code, status, disposition) => {
    org = await openBulkOrg();
    org.sandbox.injectFault({ match: { method: 'POST', path: 'jobs/ingest' }, fault: answers(status, code) });
    const outcomes = await org.write(TASKS, tasks(THRESHOLD));
    expect(outcomes.map((each) => each.kind === 'refused' && each.failure.disposition)).toEqual(all(disposition));
    expect(org.asked()).toEqual(['bulk-job']);
  });

  it.each<[string, string, string, Fault, string, readonly string[]]>([
    ['a reset before the upload', 'PUT', 'batches', { kind: 'reset' }, 'network.reset', ['bulk-job']],
    ['a reset after the upload', 'PUT', 'batches', { kind: 'apply-then-reset' }, 'network.reset', ['bulk-job']],
    [
      'a 503 on the upload',
      'PUT',
      'batches',
      { kind: 'status', status: 503 },
      'salesforce.UNKNOWN_EXCEPTION',
      ['bulk-job'],
    ],
  ])('%s ends the job without effect', async (_, method, path, fault, code, after) => {
    org = await openBulkOrg({ bulkJobMs: 0 });
    org.sandbox.injectFault({ match: { method, path }, times: 1, fault });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all(code));
    expect(org.asked()).toEqual(['bulk-job', 'bulk-upload', ...after]);
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
  });

  it.each<[string, Fault]>([
    ['was not closed', { kind: 'reset' }],
    ['was closed without our knowing', { kind: 'apply-then-reset' }],
    ['was perhaps closed', { kind: 'html-502' }],
  ])('one that %s is found by the first look, and finished', async (_, fault) => {
    org = await openBulkOrg();
    org.sandbox.injectFault({ match: { method: 'PATCH', path: 'jobs/ingest' }, times: 1, fault });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
  });

  it.each<[string, Fault]>([
    ['resets', { kind: 'reset' }],
    ['500s', { kind: 'status', status: 500 }],
    ['an HTML page', { kind: 'html-502' }],
  ])('%s while it is looked at pass by', async (_, fault) => {
    org = await openBulkOrg();
    org.sandbox.injectFault({ match: { method: 'GET', path: 'jobs/ingest' }, times: 2, fault });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
  });

  it('a limit that is reached meanwhile is told, and the job found afterwards', async () => {
    org = await openBulkOrg();
    const fault = answers(403, 'REQUEST_LIMIT_EXCEEDED');
    org.sandbox.injectFault({ match: { method: 'GET', path: 'jobs/ingest' }, times: 1, fault });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('salesforce.REQUEST_LIMIT_EXCEEDED'));
    org.asked();
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
    expect(org.asked()).toEqual(['bulk-poll', 'bulk-results']);
  });

  it('a result that cannot be read is asked for again', async () => {
    org = await openBulkOrg();
    const page: Fault = { kind: 'status', status: 200, body: '<html>Log in</html>' };
    org.sandbox.injectFault({ match: { path: 'successfulResults' }, times: 1, fault: page });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('created'));
    expect(org.asked().filter((endpoint) => endpoint === 'bulk-results')).toHaveLength(2);
  });

  it('one that was deleted tells nothing: its rows come again', async () => {
    org = await openBulkOrg();
    const gone = answers(404, 'NOT_FOUND');
    org.sandbox.injectFault({ match: { method: 'GET', path: 'jobs/ingest' }, times: 1, fault: gone });
    expect(said(await org.write(TASKS, tasks(THRESHOLD)))).toEqual(all('salesforce.BULK_JOB_FAILED'));
  });
});

/** As an administrator does on the page of bulk jobs. */
async function abortAll({ sandbox }: BulkOrg): Promise<void> {
  const headers = { authorization: 'Bearer sandbox-salesforce-token', 'content-type': 'application/json' };
  const url = `${sandbox.url}/services/data/v67.0/jobs/ingest`;
  const { records } = (await (await fetch(url, { headers })).json()) as { records: readonly { id: string }[] };
  for (const { id } of records) {
    await fetch(`${url}/${id}`, { method: 'PATCH', headers, body: JSON.stringify({ state: 'Aborted' }) });
  }
}
