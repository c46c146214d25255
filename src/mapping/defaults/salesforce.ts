import type { MappingDocumentInput } from '../document/schema.ts';

type Row = MappingDocumentInput['person'][number];

/** Salesforce's object reference: a task's description, its one-line texts, and a person's address and names. */
const DESCRIPTION = 32_000;
const LINE = 255;
const EMAIL = 80;
const FIRST_NAME = 40;
const LAST_NAME = 80;

const person: readonly Row[] = [
  { field: 'Phone', from: { path: 'caller.phone' }, mode: 'create_only' },
  {
    field: 'Email',
    from: { path: 'caller.email' },
    transforms: [{ use: 'email', maxLength: EMAIL }],
    mode: 'create_only',
  },
  {
    field: 'FirstName',
    from: { cel: 'caller.firstName == "" ? "Unknown caller" : caller.lastName == "" ? "" : caller.firstName' },
    transforms: [{ use: 'truncate', max: FIRST_NAME }],
    mode: 'create_only',
  },
  {
    // Everybody must have a last name in Salesforce: a single word is one, and a nameless caller has his number.
    field: 'LastName',
    from: { path: 'caller.lastName' },
    transforms: [
      { use: 'coalesce', of: [{ path: 'caller.firstName' }, { path: 'caller.identity' }] },
      { use: 'truncate', max: LAST_NAME },
    ],
    mode: 'create_only',
  },
  // A lead must have a company. Contacts have no such field; there the connector leaves it out.
  { field: 'Company', from: { constant: 'Unknown' }, mode: 'create_only' },
];

/**
 * What every conversation has. Its status is the org's own word for "done", which the connector fills in. A task keeps a
 * day without a zone: it is the day in UTC, and the exact time stands in the description.
 */
const conversation: readonly Row[] = [
  {
    field: 'Subject',
    from: { path: 'conversation.summary' },
    transforms: [
      { use: 'first_sentence' },
      {
        use: 'coalesce',
        of: [
          {
            cel: '(computed.kind == "call" ? "Call " : "Conversation ") + (computed.outbound ? "to " : "from ") + computed.callerLabel',
          },
        ],
      },
      { use: 'truncate', max: LINE },
    ],
    mode: 'overwrite_unless_edited',
  },
  { field: 'Description', from: { digest: { as: 'text', maxLength: DESCRIPTION } }, mode: 'overwrite_unless_edited' },
  {
    field: 'ActivityDate',
    from: { path: 'computed.occurredAt' },
    transforms: [{ use: 'date', zone: 'UTC' }],
    mode: 'overwrite',
  },
  { field: 'CallObject', from: { path: 'conversation.id' }, mode: 'overwrite' },
];

const call: readonly Row[] = [
  ...conversation,
  // Makes it a logged call on the timeline. Taken when the task is made, refused afterwards.
  { field: 'TaskSubtype', from: { constant: 'Call' }, mode: 'create_only' },
  {
    field: 'CallType',
    from: { path: 'conversation.direction' },
    transforms: [
      { use: 'default', value: 'inbound' },
      { use: 'value_map', values: { inbound: 'Inbound', outbound: 'Outbound' } },
    ],
    mode: 'overwrite',
  },
  {
    field: 'CallDurationInSeconds',
    from: { path: 'conversation.durationSeconds' },
    transforms: [{ use: 'number', decimals: 0 }],
    mode: 'overwrite',
  },
  {
    field: 'CallDisposition',
    from: { path: 'computed.outcome' },
    transforms: [{ use: 'truncate', max: LINE }],
    mode: 'overwrite',
  },
];

/** Once it is there, the task belongs to the person who works on it. */
const task: readonly Row[] = [
  {
    field: 'Subject',
    from: { template: 'Call back {{computed.callerLabel}}' },
    transforms: [{ use: 'truncate', max: LINE }],
    mode: 'create_only',
  },
  {
    field: 'Description',
    from: {
      cel: '(handoff.requested ? "The AI receptionist asked for a person" + (handoff.reason == "" ? "" : " (" + handoff.reason.words() + ")") + "." : "Please follow up. Outcome: " + computed.outcome + ".") + (computed.callerNumber == "" ? "" : " Number: " + computed.callerNumber + ".")',
    },
    transforms: [{ use: 'truncate', max: DESCRIPTION }],
    mode: 'create_only',
  },
  {
    field: 'ActivityDate',
    // A task is due on a day, by the clocks of the tenant.
    from: { path: 'task.dueAt' },
    transforms: [{ use: 'date' }],
    mode: 'create_only',
  },
  {
    field: 'Priority',
    from: { path: 'task.priority' },
    transforms: [{ use: 'value_map', values: { high: 'High', medium: 'Normal', low: 'Low' } }],
    mode: 'create_only',
  },
];

/** What a new Salesforce customer gets, as a document that can be changed. */
export const salesforceDocument: MappingDocumentInput = {
  version: 1,
  crm: 'salesforce',
  name: 'default-salesforce',
  person: [...person],
  activities: { call: [...call], text_message: [...conversation], chat: [...conversation] },
  task: [...task],
};
