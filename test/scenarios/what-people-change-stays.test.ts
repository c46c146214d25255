import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startHubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { startSalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import type { WriteMode } from '../../src/domain/plan.ts';
import { DirectDelivery, type Writer } from '../support/direct-delivery.ts';
import { call, completed } from '../support/scenario-data.ts';

/** A CRM with a field of its activities for each write mode. */
interface Crm {
  readonly url: string;
  /** Rows of the mapping beside those of the modes. */
  readonly rows: readonly unknown[];
  readonly fields: Readonly<Record<WriteMode, string>>;
  /** A field that keeps another form than it was given, and what it holds at first and after {@link ANOTHER_END}. */
  readonly reformed: {
    readonly row: { readonly field: string; readonly from: object; readonly transforms?: readonly object[] };
    readonly holds: (id: string) => readonly [string, string];
  };
  /** How a text is written into a block. */
  readonly transforms: readonly unknown[];
  /** A text as it stands in a long field. */
  readonly paragraph: (text: string) => string;
  /** How many requests have asked for writes. */
  readonly writes: () => number;
  /** How many requests have asked for records. */
  readonly reads: () => number;
  /** How many of those a new caller takes. */
  readonly lookUps: number;
  readonly valueOf: (id: string, field: string) => string;
  readonly edit: (id: string, values: Readonly<Record<string, string>>) => void;
  readonly remove: (id: string) => void;
  /** Values of the live activities whose `overwrite` field is this. */
  readonly live: (overwritten: string) => readonly Readonly<Record<string, unknown>>[];
  readonly failReads: () => void;
  readonly lift: () => void;
  readonly close: () => Promise<void>;
}

/** What the source says in the end of a conversation that it took for completed. */
const ANOTHER_END = { status: 'missed', summary: 'They did not answer: a long story, and no news.' };

const CRMS = { hubspot: openHubSpot, salesforce: openSalesforce } as const;

/** What a field of each mode holds in the end: `ours` is the new value, `old` what we had written, `theirs` the edit. */
type End = 'ours' | 'old' | 'theirs' | 'nothing';
const ENDS: readonly (readonly [string, Readonly<Record<WriteMode, End>>])[] = [
  [
    'nobody edits',
    {
      overwrite: 'ours',
      overwrite_unless_edited: 'ours',
      fill_if_empty: 'old',
      append_block: 'ours',
      create_only: 'old',
      never: 'nothing',
    },
  ],
  [
    'a person edits',
    {
      overwrite: 'ours',
      overwrite_unless_edited: 'theirs',
      fill_if_empty: 'theirs',
      append_block: 'theirs',
      create_only: 'theirs',
      never: 'theirs',
    },
  ],
  [
    'a person empties',
    {
      overwrite: 'ours',
      overwrite_unless_edited: 'nothing',
      fill_if_empty: 'nothing',
      append_block: 'nothing',
      create_only: 'nothing',
      never: 'nothing',
    },
  ],
];

describe.each(Object.entries(CRMS))('what people change in %s', (name, open) => {
  let crm: Crm;
  let delivery: DirectDelivery;
  let writer: Writer;
  let serial = 0;

  beforeAll(async () => {
    crm = await open();
    delivery = await DirectDelivery.open({
      connection: {
        crm: name,
        baseUrl: crm.url,
        credentials: { accessToken: { env: 'TOKEN' } },
        mapping: mappingFor(name, crm),
      },
      token: `sandbox-${name}-token`,
    });
    writer = delivery.writer();
  });
  afterAll(async () => {
    await writer.close();
    await delivery.close();
    await crm.close();
  });

  /** A conversation that was written, and the record it became. */
  async function written(): Promise<{ readonly id: string; readonly recordId: string }> {
    serial += 1;
    const [id, number] = [`conv_${name}_${serial}`, `+1555${3_000_000 + serial}`];
    const writes = crm.writes();
    delivery.personaDesk.addConversations([call(id, number, { summary: `First ${id}` })]);
    await delivery.hear(completed(id, number));
    await writer.deliver();
    expect(crm.writes()).toBeGreaterThan(writes);
    return { id, recordId: await recordOf(id) };
  }

  async function recordOf(id: string): Promise<string> {
    const { state, written: records } = await delivery.row(id);
    expect(state).toBe('synced');
    return records.activity?.ref.id ?? '';
  }

  /** Delivers once more; what the source says by now is given, if that is something new. */
  async function deliverAgain(id: string, summary?: string): Promise<void> {
    serial += 1;
    if (summary !== undefined) delivery.personaDesk.updateConversation(id, { summary });
    await delivery.hear({ ...completed(id, ''), id: `evt_again_${serial}` });
    await writer.deliver();
  }

  const valuesIn = (recordId: string) =>
    Object.fromEntries(Object.entries(crm.fields).map(([mode, field]) => [mode, crm.valueOf(recordId, field)]));

  const blockOf = (id: string, text: string) =>
    [`[PersonaDesk ${id}]`, text, `[/PersonaDesk ${id}]`].map(crm.paragraph).join(crm.paragraph('') === '' ? '\n' : '');

  it.each(ENDS)(
    '%s and the source changes: each field ends as its mode says, and a second time nothing is written',
    async (edit, ends) => {
      const { id, recordId } = await written();
      const before = valuesIn(recordId);
      expect(before).toEqual({
        overwrite: `First ${id}`,
        overwrite_unless_edited: `First ${id}`,
        fill_if_empty: `First ${id}`,
        append_block: blockOf(id, `First ${id}`),
        create_only: `First ${id}`,
        never: '',
      });
      const texts: Readonly<Record<string, string>> = { 'a person edits': 'By Zoë', 'a person empties': '' };
      const theirs = texts[edit];
      if (theirs !== undefined) {
        crm.edit(recordId, Object.fromEntries(Object.values(crm.fields).map((field) => [field, theirs])));
      }
      await deliverAgain(id, `Second ${id}`);
      const after = valuesIn(recordId);
      for (const [mode, end] of Object.entries(ends)) {
        const ours = mode === 'append_block' ? blockOf(id, `Second ${id}`) : `Second ${id}`;
        const expected = { ours, old: `First ${id}`, theirs: 'By Zoë', nothing: '' }[end];
        expect([mode, after[mode]]).toEqual([mode, expected]);
      }
      const writes = crm.writes();
      await deliverAgain(id);
      expect(crm.writes()).toBe(writes);
      expect(valuesIn(recordId)).toEqual(after);
      expect(await recordOf(id)).toBe(recordId);
    },
  );

  it('text that was written around the block survives, and what the plan kept is told', async () => {
    const { id, recordId } = await written();
    const { append_block: field, overwrite_unless_edited: kept } = crm.fields;
    const [above, below] = [crm.paragraph('Above by Zoë'), crm.paragraph('Below by Ann')];
    const around = (text: string) => [above, blockOf(id, text), below].join('\n');
    crm.edit(recordId, { [field]: around(`First ${id}`), [kept]: 'By Zoë' });
    await deliverAgain(id, `Second ${id}`);
    expect(crm.valueOf(recordId, field)).toBe(around(`Second ${id}`));
    const { plan } = await delivery.trace(id);
    expect(plan?.activity?.changes.find((change) => change.field === kept)).toEqual({
      field: kept,
      from: 'By Zoë',
      to: `Second ${id}`,
      mode: 'overwrite_unless_edited',
      decision: 'keep_edited',
    });
  });

  it('a value that the CRM keeps in its own form is ours as long as nobody has edited it', async () => {
    const { id, recordId } = await written();
    const { row, holds } = crm.reformed;
    const [first, second] = holds(id);
    expect(crm.valueOf(recordId, row.field)).toBe(first);
    delivery.personaDesk.updateConversation(id, ANOTHER_END);
    await deliverAgain(id);
    expect(crm.valueOf(recordId, row.field)).toBe(second);
    crm.edit(recordId, { [row.field]: first });
    await deliverAgain(id, `Third ${id}`);
    expect(crm.valueOf(recordId, row.field)).toBe(first);
  });

  it('a record that a person deleted is made again, whole, when there is something new, and not before', async () => {
    const { id, recordId } = await written();
    crm.remove(recordId);
    const writes = crm.writes();
    await deliverAgain(id);
    expect(crm.writes()).toBe(writes);
    await deliverAgain(id, `Second ${id}`);
    const again = await recordOf(id);
    expect(again).not.toBe(recordId);
    expect(valuesIn(again)).toEqual({
      overwrite: `Second ${id}`,
      overwrite_unless_edited: `Second ${id}`,
      fill_if_empty: `Second ${id}`,
      append_block: blockOf(id, `Second ${id}`),
      create_only: `Second ${id}`,
      never: '',
    });
    expect(crm.live(`Second ${id}`)).toHaveLength(1);
    const { written: records } = await delivery.row(id);
    expect(records.activity?.linkedTo).toEqual(records.person);
  });

  it('a record that could not be read is not written: its conversation waits, and is delivered later', async () => {
    const { id, recordId } = await written();
    const before = valuesIn(recordId);
    crm.edit(recordId, { [crm.fields.overwrite_unless_edited]: 'By Zoë' });
    crm.failReads();
    const writes = crm.writes();
    await deliverAgain(id, `Second ${id}`);
    expect(await delivery.row(id)).toMatchObject({ state: 'waiting', reason: 'crm_unavailable' });
    expect(crm.writes()).toBe(writes);
    expect(valuesIn(recordId)).toEqual({ ...before, overwrite_unless_edited: 'By Zoë' });
    crm.lift();
    delivery.passTime(3_600_000);
    await writer.deliver();
    expect(await recordOf(id)).toBe(recordId);
    expect(valuesIn(recordId)).toMatchObject({ overwrite: `Second ${id}`, overwrite_unless_edited: 'By Zoë' });
  });

  it('looking costs one request for a batch, and none for conversations that are new or unchanged', async () => {
    const atFirst = crm.reads();
    const ones = [await written(), await written(), await written()];
    expect(crm.reads()).toBe(atFirst + ones.length * crm.lookUps);
    const before = crm.reads();
    for (const { id } of ones) {
      serial += 1;
      delivery.personaDesk.updateConversation(id, { summary: `Second ${id}` });
      await delivery.hear({ ...completed(id, ''), id: `evt_again_${serial}` });
    }
    await writer.deliver();
    expect(crm.reads()).toBe(before + 1);
    for (const { id } of ones) await deliverAgain(id);
    expect(crm.reads()).toBe(before + 1);
  });
});

/** The summary into one field for each mode. */
function mappingFor(crm: string, { rows, fields, transforms, reformed }: Crm): unknown {
  const from = { path: 'conversation.summary' };
  const ofModes = Object.entries(fields).map(([mode, field]) => ({
    field,
    from,
    mode,
    ...(mode === 'append_block' ? { transforms } : {}),
  }));
  return {
    version: 1,
    crm,
    name: 'each-mode',
    person: [
      { field: crm === 'hubspot' ? 'phone' : 'Phone', from: { path: 'caller.phone' }, mode: 'create_only' },
      { field: crm === 'hubspot' ? 'lastname' : 'LastName', from: { path: 'caller.identity' }, mode: 'create_only' },
      ...(crm === 'hubspot' ? [] : [{ field: 'Company', from: { constant: 'Unknown' }, mode: 'create_only' }]),
    ],
    activities: {
      call: [...rows, ...ofModes, { ...reformed.row, mode: 'overwrite_unless_edited' }],
      text_message: [],
      chat: [],
    },
    task: [],
  };
}

async function openHubSpot(): Promise<Crm> {
  const sandbox = await startHubSpotSandbox({
    searchLagMs: 0,
    limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
  });
  const called = (endpoint: RegExp) => () =>
    sandbox.requestLog().filter((each) => endpoint.test(each.endpoint) && each.objectType === 'calls').length;
  const propertiesOf = (id: string) => sandbox.records('calls').find((record) => record.id === id)?.properties ?? {};
  return {
    url: sandbox.url,
    rows: [{ field: 'hs_timestamp', from: { path: 'computed.occurredAt' }, mode: 'overwrite' }],
    fields: {
      overwrite: 'hs_call_title',
      overwrite_unless_edited: 'hs_call_from_number',
      fill_if_empty: 'hs_call_to_number',
      append_block: 'hs_call_body',
      create_only: 'hs_call_external_id',
      never: 'hs_call_external_account_id',
    },
    reformed: {
      row: {
        field: 'hs_call_disposition',
        from: { path: 'conversation.status' },
        transforms: [{ use: 'value_map', values: { completed: 'Connected', missed: 'No answer' } }],
      },
      // HubSpot's calls guide: the ids of its own outcomes.
      holds: () => ['f240bbac-87c9-4f6e-bf70-924b57d47db7', '73a0d17f-1163-4015-bdd5-ec830791da20'],
    },
    transforms: [{ use: 'html' }],
    paragraph: (text) => `<p>${text}</p>`,
    writes: called(/upsert|update|create/),
    reads: called(/read/),
    lookUps: 0,
    valueOf: (id, field) => propertiesOf(id)[field] ?? '',
    edit: (id, values) => sandbox.editAsPerson('calls', id, values),
    remove: (id) => sandbox.deleteAsPerson('calls', id),
    live: (title) =>
      sandbox
        .findByProperty('calls', 'hs_call_title', title)
        .filter(({ archived }) => !archived)
        .map(({ properties }) => properties),
    failReads: () =>
      sandbox.injectFault({ match: { path: '/calls/batch/read' }, fault: { kind: 'status', status: 503 } }),
    lift: () => sandbox.clearFaults(),
    close: () => sandbox.close(),
  };
}

async function openSalesforce(): Promise<Crm> {
  const sandbox = await startSalesforceSandbox({ searchLagMs: 0, dailyRequests: null });
  for (const [name, length] of [
    ['Filled__c', 255],
    ['Never__c', 255],
    ['Short__c', 12],
  ] as const) {
    sandbox.addField('Task', { name, label: name, type: 'string', length });
  }
  const called = (endpoint: RegExp) => () => sandbox.requestLog().filter((each) => endpoint.test(each.endpoint)).length;
  const fieldsOf = (id: string) => sandbox.records('Task').find((record) => record.id === id)?.fields ?? {};
  return {
    url: sandbox.url,
    rows: [],
    fields: {
      overwrite: 'Subject',
      overwrite_unless_edited: 'CallDisposition',
      fill_if_empty: 'Filled__c',
      append_block: 'Description',
      create_only: 'CallObject',
      never: 'Never__c',
    },
    reformed: {
      row: { field: 'Short__c', from: { path: 'conversation.summary' } },
      holds: (id) => [`${`First ${id}`.slice(0, 11)}…`, `${ANOTHER_END.summary.slice(0, 11)}…`],
    },
    transforms: [],
    paragraph: (text) => text,
    writes: called(/collection/),
    reads: called(/^composite$/),
    lookUps: 1,
    valueOf: (id, field) => String(fieldsOf(id)[field] ?? ''),
    edit: (id, values) => sandbox.editAsPerson('Task', id, values),
    remove: (id) => sandbox.deleteAsPerson('Task', id),
    live: (subject) =>
      sandbox
        .findByField('Task', 'Subject', subject)
        .filter(({ deleted }) => !deleted)
        .map(({ fields }) => fields),
    failReads: () =>
      sandbox.injectFault({ match: { path: '/composite$' }, fault: { kind: 'status', status: 503, body: '' } }),
    lift: () => sandbox.clearFaults(),
    close: () => sandbox.close(),
  };
}
