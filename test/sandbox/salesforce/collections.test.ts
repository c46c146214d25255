import { describe, expect, it } from '@jest/globals';
import { conversationId, openSandbox, personKey, refusal, seedOne } from './open-sandbox.ts';

const row = (type: string, fields: object) => ({ attributes: { type }, ...fields });
const tasks = (...ids: readonly string[]) => ids.map((id) => row('Task', { [conversationId]: id }));
const upsertTasks = `/composite/sobjects/Task/${conversationId}`;

describe('collections', () => {
  it('answer row by row in order, a bad row beside good ones', async () => {
    const { sandbox, call } = await openSandbox();
    const { status, body } = await call('POST', '/composite/sobjects', {
      records: [row('Account', { Name: 'A' }), row('Contact', {}), row('Contact', { LastName: 'B' })],
    });
    expect(status).toBe(200);
    expect(body).toEqual([
      { id: sandbox.records('Account')[0]?.id, success: true, errors: [] },
      {
        success: false,
        errors: [
          {
            statusCode: 'REQUIRED_FIELD_MISSING',
            message: 'Required fields are missing: [LastName]',
            fields: ['LastName'],
          },
        ],
      },
      { id: sandbox.records('Contact')[0]?.id, success: true, errors: [] },
    ]);
  });

  it('with allOrNone one bad row takes the others back', async () => {
    const { sandbox, call, query } = await openSandbox();
    const id = seedOne(sandbox, 'Account', { Name: 'Before' });
    const records = [row('Account', { id, Name: 'After' }), row('Account', { id, Name: null })];
    const { body } = await call('PATCH', '/composite/sobjects', { allOrNone: true, records });
    expect([body[0]?.errors[0]?.statusCode, body[1]?.errors[0]?.statusCode]).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'REQUIRED_FIELD_MISSING',
    ]);
    expect((await query("SELECT Id FROM Account WHERE Name = 'Before'")).body.totalSize).toBe(1);
  });

  it('rolled back creates leave nothing behind, not even a taken unique value', async () => {
    const { sandbox, call, query } = await openSandbox();
    const records = [...tasks('c'), row('Task', { [conversationId]: 'd', OwnerId: 'x' })];
    await call('PATCH', upsertTasks, { allOrNone: true, records });
    expect((await query('SELECT Id FROM Task', 'queryAll')).body.totalSize).toBe(0);
    expect(sandbox.records('Task')).toEqual([]);
    expect((await call('PATCH', upsertTasks, { records: tasks('c') })).body[0]).toMatchObject({ created: true });
  });

  it('take 200 rows and no more', async () => {
    const { call } = await openSandbox();
    const many = (count: number) => Array.from({ length: count }, (_, at) => row('Account', { Name: `A${at}` }));
    expect((await call('POST', '/composite/sobjects', { records: many(200) })).status).toBe(200);
    expect(refusal(await call('POST', '/composite/sobjects', { records: many(201) }))).toEqual([400, 'LIMIT_EXCEEDED']);
  });

  it.each([
    ['an unknown column', { Nope__c: 1 }, 'INVALID_FIELD'],
    ['an unreadable value', { CallDurationInSeconds: 1.5 }, 'JSON_PARSER_ERROR'],
  ])('%s in one row ends the call, or the row where the switch says so', async (_, fields, code) => {
    const { sandbox, call } = await openSandbox();
    const records = [...tasks('c'), row('Task', { [conversationId]: 'd', ...fields })];
    expect(refusal(await call('PATCH', upsertTasks, { records }))).toEqual([400, code]);
    expect(sandbox.records('Task')).toEqual([]);
    sandbox.setOptions({ unreadableRow: 'row' });
    const { body } = await call('PATCH', upsertTasks, { records });
    expect([body[0]?.success, body[1]?.errors[0]?.statusCode]).toEqual([true, code]);
  });

  it('a row without its type cannot be read', async () => {
    const { call } = await openSandbox();
    expect(refusal(await call('POST', '/composite/sobjects', { records: [{ Name: 'A' }] }))).toEqual([
      400,
      'INVALID_TYPE',
    ]);
  });

  it('read, update and delete by id say of each id what is wrong with it', async () => {
    const { sandbox, call } = await openSandbox();
    const [id = '', gone = ''] = sandbox.seedRecords('Account', [{ Name: 'A' }, { Name: 'B' }]);
    sandbox.deleteAsPerson('Account', gone);
    const ids = [id, gone, '001000000000000AAA', 'x'];
    const read = await call('GET', `/composite/sobjects/Account?ids=${ids.join(',')}&fields=Name`);
    expect(read.body).toMatchObject([{ Name: 'A' }, null, null, null]);
    expect((await call('POST', '/composite/sobjects/Account', { ids, fields: ['Name'] })).body).toEqual(read.body);
    const codes = [undefined, 'ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'MALFORMED_ID'];
    const records = ids.map((each) => row('Account', { id: each, Name: 'C' }));
    const updated = await call('PATCH', '/composite/sobjects', { records });
    expect(ids.map((_, at) => updated.body[at]?.errors[0]?.statusCode)).toEqual(codes);
    const deleted = await call('DELETE', `/composite/sobjects?ids=${ids.join(',')}`);
    expect(ids.map((_, at) => deleted.body[at]?.errors[0]?.statusCode)).toEqual(codes);
    expect(sandbox.records('Account').every((account) => account.deleted)).toBe(true);
  });

  it('a converted lead is refused in its row', async () => {
    const { sandbox, call } = await openSandbox();
    const id = seedOne(sandbox, 'Lead', { LastName: 'A', Company: 'B' });
    sandbox.convertLead(id);
    const { body } = await call('PATCH', '/composite/sobjects', { records: [row('Lead', { id, LastName: 'C' })] });
    expect(body).toEqual([
      {
        success: false,
        errors: [
          { statusCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead', fields: [] },
        ],
      },
    ]);
  });
});

describe('upserts of many', () => {
  it('create and update in one call, and say which', async () => {
    const { sandbox, call } = await openSandbox();
    seedOne(sandbox, 'Task', { [conversationId]: 'old' });
    const { body } = await call('PATCH', upsertTasks, { records: tasks('old', 'new') });
    expect([body[0]?.created, body[1]?.created]).toEqual([false, true]);
  });

  it('two rows with one id both fail, the others do not', async () => {
    const { sandbox, call } = await openSandbox();
    const { body } = await call('PATCH', upsertTasks, { records: tasks('a', 'b', 'a') });
    expect([0, 1, 2].map((at) => body[at]?.errors[0]?.statusCode)).toEqual([
      'DUPLICATE_VALUE',
      undefined,
      'DUPLICATE_VALUE',
    ]);
    expect(sandbox.records('Task')).toHaveLength(1);
  });

  it('a row without its id, or of another object, is refused', async () => {
    const { call } = await openSandbox();
    const { body } = await call('PATCH', upsertTasks, { records: [row('Task', {})] });
    expect(body[0]?.errors[0]?.statusCode).toBe('MISSING_ARGUMENT');
    const other = await call('PATCH', upsertTasks, { records: [row('Lead', { [conversationId]: 'c' })] });
    expect(refusal(other)).toEqual([400, 'INVALID_TYPE']);
  });

  it('a key that is shared by several records is refused in its row', async () => {
    const { sandbox, call } = await openSandbox({ taskExternalIdUnique: false });
    sandbox.seedRecords('Task', [{ [conversationId]: 'c' }, { [conversationId]: 'c' }]);
    const { body } = await call('PATCH', upsertTasks, { records: tasks('c') });
    expect(body[0]?.errors[0]?.statusCode).toBe('DUPLICATE_EXTERNAL_ID');
  });

  it('people are kept apart by their key, leads by leads', async () => {
    const { sandbox, call } = await openSandbox();
    const lead = row('Lead', { LastName: 'A', Company: 'B', [personKey]: 'k' });
    await call('PATCH', `/composite/sobjects/Lead/${personKey}`, { records: [lead] });
    const again = await call('PATCH', `/composite/sobjects/Lead/${personKey}`, {
      records: [{ ...lead, LastName: 'C' }],
    });
    expect(again.body[0]).toMatchObject({ created: false });
    expect(sandbox.records('Lead').map(({ fields }) => fields.Name)).toEqual(['C']);
  });
});
