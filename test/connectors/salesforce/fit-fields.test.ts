import { describe, expect, it } from '@jest/globals';
import { describeAnswerSchema } from '../../../connectors/salesforce/answers.ts';
import { fitFields } from '../../../connectors/salesforce/fit-fields.ts';
import type { ObjectSchema } from '../../../connectors/salesforce/object-schema.ts';
import { storedKey } from '../../../connectors/salesforce/stored-key.ts';

const task = objectOf([
  { name: 'Subject', type: 'combobox', length: 255 },
  { name: 'ActivityDate', type: 'date' },
  { name: 'Phone', type: 'phone', length: 40 },
  { name: 'CallDurationInSeconds', type: 'int' },
  { name: 'IsReminderSet', type: 'boolean' },
  { name: 'TaskSubtype', type: 'picklist', length: 40, updateable: false },
  { name: 'CallType', type: 'picklist', length: 40, createable: false, updateable: false },
]);

describe('fields made to fit the account', () => {
  it('numbers, dates and switches are sent as what the field holds', () => {
    const fields = { CallDurationInSeconds: '131.6', ActivityDate: '2026-11-24T22:59:00Z', IsReminderSet: 'true' };
    expect(fit(fields)).toMatchObject({
      kind: 'fits',
      values: { CallDurationInSeconds: 132, ActivityDate: '2026-11-24', IsReminderSet: true },
    });
  });

  it.each([
    ['CallDurationInSeconds', 'two minutes'],
    ['ActivityDate', 'tomorrow'],
    ['IsReminderSet', 'yes'],
  ])('a value that %s cannot hold is the mapping’s fault, before it can fail a whole call', (field, value) => {
    expect(fit({ [field]: value })).toMatchObject({
      kind: 'unfit',
      failure: { disposition: 'fix_mapping', code: 'salesforce.VALUE_OF_WRONG_TYPE', field },
    });
  });

  it('a text is cut to the length of its field, between characters, and says so', () => {
    const result = fit({ Subject: `${'a'.repeat(253)}😀😀` });
    expect(result).toMatchObject({ values: { Subject: `${'a'.repeat(253)}…` } });
  });

  it('a number too long for its field is not cut: half a number is another one', () => {
    expect(fit({ Phone: '1'.repeat(50) })).toMatchObject({ values: { Phone: '1'.repeat(50) } });
  });

  it('a blank text is left out: it would empty the field', () => {
    expect(fit({ Subject: ' \n' })).toMatchObject({ values: {} });
  });

  it('a standard field that may not be written is left out', () => {
    expect(fit({ Subject: 'A', CallType: 'Inbound', CallDisposition: 'done' })).toMatchObject({
      values: { Subject: 'A' },
    });
  });

  it.each(['Score__c', 'Status'])('%s, asked for by name or vital, is not left out in silence', (field) => {
    expect(fit({ [field]: 'x' })).toMatchObject({
      kind: 'unfit',
      failure: { disposition: 'fix_mapping', code: 'salesforce.FIELD_NOT_ACCESSIBLE', field },
    });
  });

  it('what is taken at creation only is known, and is no part of an update', () => {
    expect(fit({ TaskSubtype: 'Call' })).toMatchObject({
      values: { TaskSubtype: 'Call' },
      createOnly: ['TaskSubtype'],
    });
    expect(fitFields(task, { TaskSubtype: 'Call' }, 'update', new Set())).toMatchObject({ values: {} });
  });
});

describe('a key in a field', () => {
  it('that is long enough stays as it is', () => {
    expect(storedKey('ten_a:conv_1', 255)).toBe('ten_a:conv_1');
  });

  it('that is too short keeps two keys apart', () => {
    const [a, b] = ['x'.repeat(300), `${'x'.repeat(299)}y`].map((key) => storedKey(key, 255));
    expect(a).toHaveLength(255);
    expect(a).not.toBe(b);
    expect(storedKey('x'.repeat(300), 18)).toHaveLength(18);
  });
});

function fit(fields: Record<string, string>) {
  return fitFields(task, fields, 'upsert', new Set(['Status']));
}

function objectOf(fields: readonly Record<string, unknown>[]): ObjectSchema {
  const described = describeAnswerSchema.parse({
    name: 'Task',
    fields: fields.map((field) => ({ createable: true, updateable: true, ...field })),
  });
  const byName = new Map(described.fields.map((field) => [field.name, field]));
  return { name: 'Task', createable: true, fields: byName, recordTypes: [], keyField: undefined };
}
