import { describe, expect, it } from '@jest/globals';
import { conversationId, openSandbox, personKey } from './open-sandbox.ts';

interface DescribedField {
  readonly [key: string]: unknown;
  readonly name: string;
  readonly picklistValues: readonly {
    readonly value: string;
    readonly active: boolean;
    readonly defaultValue: boolean;
  }[];
}

async function describeObject(type: string, options = {}) {
  const { sandbox, call } = await openSandbox(options);
  const { body } = await call('GET', `/sobjects/${type}/describe`);
  const fields = body.fields as readonly DescribedField[]; // what a describe answers
  return { sandbox, call, body, field: (name: string) => fields.find((field) => field.name === name) };
}

describe('describe', () => {
  it('lists the objects the user sees', async () => {
    const { call } = await openSandbox({ hiddenObjects: ['Opportunity'] });
    const { body } = await call('GET', '/sobjects');
    const sobjects = body.sobjects as readonly { readonly name: string; readonly keyPrefix: string }[]; // as above
    expect(sobjects.map(({ name, keyPrefix }) => [name, keyPrefix])).toEqual([
      ['Account', '001'],
      ['Case', '500'],
      ['Contact', '003'],
      ['Group', '00G'],
      ['Lead', '00Q'],
      ['OpportunityContactRole', '00K'],
      ['QueueSobject', '03g'],
      ['RecordType', '012'],
      ['Task', '00T'],
      ['TaskStatus', '01J'],
      ['User', '005'],
    ]);
  });

  it('says which field is the external id of activities, and when there is none', async () => {
    const { field } = await describeObject('Task');
    expect(field(conversationId)).toMatchObject({
      custom: true,
      externalId: true,
      idLookup: true,
      unique: true,
      caseSensitive: true,
      length: 255,
      createable: true,
      updateable: true,
    });
    const without = await describeObject('Task', { taskExternalIdField: null });
    expect(without.field(conversationId)).toBeUndefined();
  });

  it('says what a task takes: lengths, required values, subtypes only at creation', async () => {
    const { field } = await describeObject('Task');
    expect(field('TaskSubtype')).toMatchObject({ createable: true, updateable: false, restrictedPicklist: true });
    expect(field('Description')).toMatchObject({ length: 32_000, filterable: false, sortable: false });
    expect(field('Subject')).toMatchObject({ type: 'combobox', length: 255 });
    expect(field('Status')).toMatchObject({ nillable: false, defaultedOnCreate: true });
    expect(field('Status')?.picklistValues.find((value) => value.defaultValue)?.value).toBe('Not Started');
    expect(field('WhoId')).toMatchObject({
      referenceTo: ['Contact', 'Lead'],
      relationshipName: 'Who',
      polymorphicForeignKey: true,
    });
    expect(field('IsClosed')).toMatchObject({ createable: false, updateable: false });
  });

  it.each([
    ['Lead', ['LastName', 'Company']],
    ['Contact', ['LastName']],
    ['Account', ['Name']],
    ['Opportunity', ['Name', 'StageName', 'CloseDate']],
    ['Case', []],
    ['Task', []],
  ])('%s: what must be given is neither nillable nor defaulted', async (type, expected) => {
    const { body } = await describeObject(type);
    const fields = body.fields as readonly DescribedField[]; // what a describe answers
    const required = fields.filter(
      (field) => field.createable === true && field.nillable === false && field.defaultedOnCreate === false,
    );
    expect(required.map(({ name }) => name)).toEqual(expected);
  });

  it('shows what field-level security leaves', async () => {
    const { sandbox, call } = await openSandbox();
    sandbox.withdrawFieldAccess('Lead', personKey);
    sandbox.withdrawFieldAccess('Lead', 'Phone', 'read');
    const { body } = await call('GET', '/sobjects/lead/describe');
    const fields = body.fields as readonly DescribedField[]; // what a describe answers
    expect(fields.some(({ name }) => name === personKey)).toBe(false);
    expect(fields.find(({ name }) => name === 'Phone')).toMatchObject({ createable: false, updateable: false });
  });
});
