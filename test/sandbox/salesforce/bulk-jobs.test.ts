import { describe, expect, it } from '@jest/globals';
import { openBulkSandbox, type BulkReply } from './bulk-job.ts';
import { conversationId, seedOne } from './open-sandbox.ts';

const upsert = { object: 'Task', operation: 'upsert', externalIdFieldName: conversationId };
const insert = { object: 'Account', operation: 'insert' };
const codeOf = ({ status, json }: BulkReply) => [status, json.errorCode];

describe('a job goes its way', () => {
  it('open, closed, in progress, complete: each told with its times and counts', async () => {
    const { bulk, pass } = await openBulkSandbox();
    const opened = await bulk('POST', '', { ...upsert, contentType: 'CSV', lineEnding: 'LF' });
    const id = String(opened.json.id);
    expect(opened.json).toMatchObject({
      state: 'Open',
      externalIdFieldName: conversationId,
      columnDelimiter: 'COMMA',
      contentUrl: `services/data/v67.0/jobs/ingest/${id}/batches`,
    });
    expect(id).toMatch(/^750\w{15}$/);
    expect((await bulk('PUT', `/${id}/batches`, `${conversationId},Subject\na,First\nb,\n`)).status).toBe(201);
    expect((await bulk('PATCH', `/${id}`, { state: 'UploadComplete' })).json.state).toBe('UploadComplete');
    expect((await bulk('GET', `/${id}`)).json).toMatchObject({ state: 'InProgress', numberRecordsProcessed: 0 });
    pass(1_000);
    const done = { state: 'JobComplete', numberRecordsProcessed: 2, numberRecordsFailed: 0, retries: 0 };
    expect((await bulk('GET', `/${id}`)).json).toMatchObject({ ...done, apexProcessingTime: 0, jobType: 'V2Ingest' });
    expect((await bulk('GET', '')).json).toMatchObject({ done: true, records: [{ id, state: 'JobComplete' }] });
  });

  it('one that nobody asks about is done all the same', async () => {
    const { handIn, sandbox, pass, call } = await openBulkSandbox();
    await handIn(insert, 'Name\nAcme\n');
    pass(1_000);
    await call('GET', '/sobjects');
    expect(sandbox.records('Account').map(({ fields }) => fields.Name)).toEqual(['Acme']);
  });

  it('data is uploaded once, and only to an open job', async () => {
    const { bulk, handIn } = await openBulkSandbox();
    const id = String((await bulk('POST', '', insert)).json.id);
    await bulk('PUT', `/${id}/batches`, 'Name\nA\n');
    expect(codeOf(await bulk('PUT', `/${id}/batches`, 'Name\nB\n'))).toEqual([400, 'INVALIDJOBSTATE']);
    const closed = await handIn(insert, 'Name\nC\n');
    expect(codeOf(await bulk('PUT', `/${closed}/batches`, 'Name\nD\n'))).toEqual([400, 'INVALIDJOBSTATE']);
    expect(codeOf(await bulk('PATCH', `/${closed}`, { state: 'UploadComplete' }))).toEqual([400, 'INVALIDJOBSTATE']);
  });

  it('it can be aborted until it is done, and deleted once it is', async () => {
    const { bulk, handIn, pass, results, sandbox } = await openBulkSandbox();
    const id = await handIn(insert, 'Name\nA\n');
    await bulk('GET', `/${id}`);
    expect(codeOf(await bulk('DELETE', `/${id}`))).toEqual([400, 'INVALIDJOBSTATE']);
    expect((await bulk('PATCH', `/${id}`, { state: 'Aborted' })).json.state).toBe('Aborted');
    pass(1_000);
    expect(await results(id, 'unprocessedrecords')).toEqual(['"A"']);
    expect(sandbox.records('Account')).toEqual([]);
    const again = await bulk('PATCH', `/${id}`, { state: 'Aborted' });
    expect([again.status, again.json.message]).toEqual([400, 'Aborting already Completed Job not allowed']);
    expect((await bulk('DELETE', `/${id}`)).status).toBe(204);
    expect((await bulk('GET', `/${id}`)).status).toBe(404);
  });

  it('there are no results before it is done', async () => {
    const { bulk, handIn } = await openBulkSandbox();
    const id = await handIn(insert, 'Name\nA\n');
    for (const kind of ['successfulResults', 'failedResults', 'unprocessedrecords']) {
      expect(codeOf(await bulk('GET', `/${id}/${kind}`))).toEqual([400, 'INVALIDJOBSTATE']);
    }
  });

  it('one that fails half-way has saved what it got to, and says what it did not', async () => {
    const { bulk, handIn, results, sandbox } = await openBulkSandbox({ bulkFailAfterRows: 2 });
    const id = await handIn(insert, 'Name\nA\nB\nC\nD\n');
    sandbox.finishBulkJobs();
    expect((await bulk('GET', `/${id}`)).json).toMatchObject({ state: 'Failed', numberRecordsProcessed: 2 });
    expect(await results(id, 'successfulResults')).toHaveLength(2);
    expect(await results(id, 'unprocessedrecords')).toEqual(['"C"', '"D"']);
  });

  it.each([
    ['an unknown object', { ...insert, object: 'Nobody' }, 'INVALIDENTITY'],
    ['an unknown operation', { ...insert, operation: 'merge' }, 'INVALIDJOB'],
    ['an upsert without its external id', { object: 'Task', operation: 'upsert' }, 'INVALIDJOB'],
    ['XML', { ...insert, contentType: 'XML' }, 'INVALIDJOB'],
  ])('%s is refused when it is opened', async (_, spec, code) => {
    const { bulk } = await openBulkSandbox();
    expect(codeOf(await bulk('POST', '', spec))).toEqual([400, code]);
  });

  it('an org may be without the API', async () => {
    const { bulk } = await openBulkSandbox({ bulkApi: 'off' });
    expect(codeOf(await bulk('POST', '', insert))).toEqual([403, 'FEATURENOTENABLED']);
  });

  it('data is CSV, and not too much of it', async () => {
    const { bulk } = await openBulkSandbox({ bulkUploadBytes: 10 });
    const id = String((await bulk('POST', '', insert)).json.id);
    expect((await bulk('PUT', `/${id}/batches`, { Name: 'A' })).status).toBe(415);
    expect((await bulk('PUT', `/${id}/batches`, 'Name\nÄÄÄÄ\n')).status).toBe(413);
  });

  it('each request counts, and none but the job does', async () => {
    const { sandbox, bulk, handIn } = await openBulkSandbox({ dailyRequests: 5 });
    const id = await handIn(insert, 'Name\nA\n');
    await bulk('GET', `/${id}`);
    sandbox.finishBulkJobs();
    expect((await bulk('GET', `/${id}/successfulResults`)).status).toBe(200);
    expect(codeOf(await bulk('GET', `/${id}/failedResults`))).toEqual([403, 'REQUEST_LIMIT_EXCEEDED']);
  });
});

describe('rows', () => {
  it('are found by the external id, or made; results repeat the input in another order', async () => {
    const { handIn, results, sandbox } = await openBulkSandbox();
    const known = seedOne(sandbox, 'Task', { [conversationId]: 'b', Subject: 'Old', Description: 'Kept' });
    const id = await handIn(upsert, `${conversationId},Subject,Description\na,New,\nb,Newer,\n`);
    sandbox.finishBulkJobs();
    const [first, second] = await results(id, 'successfulResults');
    expect(first).toBe(`"${known}","false","b","Newer",""`);
    expect(second).toMatch(/^"00T\w{15}","true","a","New",""$/);
    expect(sandbox.records('Task').map(({ fields }) => fields.Description)).toEqual(['Kept', undefined]);
  });

  it('an empty value leaves the field, #N/A empties it', async () => {
    const { handIn, sandbox } = await openBulkSandbox();
    const fields = { [conversationId]: 'a', Subject: 'Kept', Description: 'Gone' };
    seedOne(sandbox, 'Task', fields);
    await handIn(upsert, `${conversationId},Subject,Description\na,,#N/A\n`);
    sandbox.finishBulkJobs();
    expect(sandbox.records('Task')[0]?.fields).toMatchObject({ Subject: 'Kept', Description: null });
  });

  it.each([
    ['a missing field', 'Lead', 'LastName,Company\nDoe,\n', /^"","REQUIRED_FIELD_MISSING:.*: \[Company\]:Company --"/],
    ['a picklist', 'Task', 'TaskSubtype\nNope\n', /^"","INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST:.*:TaskSubtype --"/],
    ['a date', 'Task', 'ActivityDate\nsoon\n', /^"","INVALID_TYPE_ON_FIELD_IN_RECORD:/],
    ['a reference', 'Task', 'WhoId\n003000000000001AAA\n', /^"","(INVALID_CROSS_REFERENCE_KEY|MALFORMED_ID):/],
    ['too many values', 'Account', 'Name\nA,B\n', /^"","INVALID_INPUT:/],
    ['a blank before a quote', 'Account', 'Name,Site\nA, "B"\n', /^"","INVALID_INPUT:/],
    ['a value of more than 32,000 characters', 'Task', `Description\n${'x'.repeat(32_001)}\n`, /^"","INVALID_INPUT:/],
  ])('%s that is wrong fails its row only', async (_, object, csv, error) => {
    const { bulk, handIn, results, sandbox } = await openBulkSandbox();
    const id = await handIn({ object, operation: 'insert' }, csv);
    sandbox.finishBulkJobs();
    expect((await bulk('GET', `/${id}`)).json).toMatchObject({ state: 'JobComplete', numberRecordsFailed: 1 });
    expect((await results(id, 'failedResults'))[0]).toMatch(error);
  });

  it('the subtype of a task that is there is refused, duplicates are detected, validation rules speak', async () => {
    const rule = { object: 'Task', field: 'Subject', matches: '^bad', message: 'No.' } as const;
    const { handIn, results, sandbox } = await openBulkSandbox({
      validationRules: [rule],
      duplicateRules: [{ object: 'Task', fields: ['CallObject'], action: 'alert' }],
    });
    sandbox.seedRecords('Task', [{ [conversationId]: 'a' }, { CallObject: 'same' }]);
    const id = await handIn(
      upsert,
      `${conversationId},Subject,TaskSubtype,CallObject\na,x,Call,\nb,bad,,\nc,x,,same\nd,x,Call,\n`,
    );
    sandbox.finishBulkJobs();
    const failed = (await results(id, 'failedResults')).map((line) => /^"","(\w+):/.exec(line)?.[1]);
    expect(failed.toSorted()).toEqual([
      'DUPLICATES_DETECTED',
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
    ]);
    expect(await results(id, 'successfulResults')).toHaveLength(1);
  });

  it('two rows with one external id both fail', async () => {
    const { handIn, results, sandbox } = await openBulkSandbox();
    const id = await handIn(upsert, `${conversationId}\na\na\nb\n`);
    sandbox.finishBulkJobs();
    expect((await results(id, 'failedResults')).every((line) => line.includes('DUPLICATE_VALUE:'))).toBe(true);
    expect(sandbox.records('Task').map(({ fields }) => fields[conversationId])).toEqual(['b']);
  });

  it('an unknown column, or one without access, fails the job, and nothing is saved', async () => {
    const { bulk, handIn, sandbox } = await openBulkSandbox({ fieldAccess: { 'Task.Description': 'none' } });
    const id = await handIn(upsert, `${conversationId},Description\na,x\n`);
    sandbox.finishBulkJobs();
    const errorMessage = 'InvalidBatch : Field name not found : Description';
    expect((await bulk('GET', `/${id}`)).json).toMatchObject({ state: 'Failed', errorMessage });
    expect(sandbox.records('Task')).toEqual([]);
  });

  it('line breaks are those that the job declares, in values too', async () => {
    const { bulk, handIn, sandbox } = await openBulkSandbox();
    const state = async (spec: object, csv: string) => {
      const id = await handIn({ ...insert, ...spec }, csv);
      sandbox.finishBulkJobs();
      return (await bulk('GET', `/${id}`)).json.state;
    };
    expect(await state({}, 'Name,Description\nA,"x\ny"\n')).toBe('JobComplete');
    expect(await state({}, 'Name,Description\nA,"x\r\ny"\n')).toBe('Failed');
    expect(await state({}, 'Name\r\nA\r\n')).toBe('Failed');
    expect(await state({ lineEnding: 'CRLF' }, 'Name,Description\r\nA,"x\r\ny"\r\n')).toBe('JobComplete');
    expect(await state({ lineEnding: 'CRLF' }, 'Name,Description\r\nA,"x\ny"\r\n')).toBe('Failed');
    sandbox.setOptions({ bulkLineBreaks: 'any' });
    expect(await state({}, 'Name,Description\nA,"x\r\ny"\n')).toBe('JobComplete');
  });

  it('quotes, delimiters, blanks and emoji arrive and come back as they were', async () => {
    const { handIn, results, sandbox } = await openBulkSandbox();
    const csv = '\uFEFFName;Description\n"A;B";"say ""hi"" 🎉\nbye"\n';
    const id = await handIn({ ...insert, columnDelimiter: 'SEMICOLON' }, csv);
    sandbox.finishBulkJobs();
    const [record] = sandbox.records('Account');
    expect(record?.fields).toMatchObject({ Name: 'A;B', Description: 'say "hi" 🎉\nbye' });
    expect((await results(id, 'successfulResults')).join('\n')).toContain('"A;B";"say ""hi"" 🎉\nbye"');
  });

  it('leads go through an assignment rule only when the job names one', async () => {
    const { handIn, sandbox } = await openBulkSandbox({ assignmentRules: { Lead: '00G4S000000SandUAO' } });
    const lead = { object: 'Lead', operation: 'insert' };
    await handIn(lead, 'LastName,Company\nA,X\n');
    await handIn({ ...lead, assignmentRuleId: '01Q4S000000SandUAO' }, 'LastName,Company\nB,X\n');
    sandbox.finishBulkJobs();
    const owners = sandbox.records('Lead').map(({ fields }) => String(fields.OwnerId).slice(0, 3));
    expect(owners).toEqual(['005', '00G']);
  });

  it('update and delete go by id', async () => {
    const { handIn, results, sandbox } = await openBulkSandbox();
    const [kept = '', lost = ''] = sandbox.seedRecords('Account', [{ Name: 'A' }, { Name: 'B' }]);
    await handIn({ object: 'Account', operation: 'update' }, `Id,Name\n${kept},A2\n`);
    const deletion = await handIn({ object: 'Account', operation: 'delete' }, `Id\n${lost}\nnonsense\n`);
    sandbox.finishBulkJobs();
    expect(sandbox.records('Account').map(({ deleted, fields }) => [deleted, fields.Name])).toEqual([
      [false, 'A2'],
      [true, 'B'],
    ]);
    expect((await results(deletion, 'failedResults'))[0]).toContain('MALFORMED_ID');
  });

  it('what is over the daily batches is in no result', async () => {
    const { handIn, results, sandbox } = await openBulkSandbox({ bulkBatchesPerDay: 1 });
    const [first, second] = [await handIn(insert, 'Name\nA\n'), await handIn(insert, 'Name\nB\n')];
    sandbox.finishBulkJobs();
    expect(await results(first, 'successfulResults')).toHaveLength(1);
    for (const kind of ['successfulResults', 'failedResults', 'unprocessedrecords'] as const) {
      expect(await results(second, kind)).toEqual([]);
    }
  });
});
