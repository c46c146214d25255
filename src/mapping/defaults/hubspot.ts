import type { MappingDocumentInput } from '../document/schema.ts';

type Row = MappingDocumentInput['person'][number];

/** HubSpot's property guide: a property of type string holds at most this many characters. */
const LONG_TEXT = 65_536;
/** What a title and a name are cut at: more is not shown in a list. */
const LINE = 255;

const line = { use: 'truncate', max: LINE } as const;

const person: readonly Row[] = [
  { field: 'phone', from: { path: 'caller.phone' }, mode: 'create_only' },
  { field: 'email', from: { path: 'caller.email' }, mode: 'create_only' },
  {
    // HubSpot's contacts guide asks for a name or an e-mail address; a number alone may be refused.
    field: 'firstname',
    from: { path: 'caller.firstName' },
    transforms: [line],
    mode: 'create_only',
    ifNull: { default: 'Unknown caller' },
  },
  {
    field: 'lastname',
    from: { cel: 'caller.name == "" ? caller.identity : caller.lastName' },
    transforms: [line],
    mode: 'create_only',
  },
];

const timestamp: Row = { field: 'hs_timestamp', from: { path: 'computed.occurredAt' }, mode: 'overwrite' };

const body = { digest: { as: 'html', maxLength: LONG_TEXT } } as const;

/** Values of `hs_call_status` and `hs_call_direction`: HubSpot's calls guide. */
const call: readonly Row[] = [
  timestamp,
  {
    field: 'hs_call_title',
    from: { path: 'conversation.summary' },
    transforms: [
      { use: 'first_sentence' },
      {
        use: 'coalesce',
        of: [{ cel: '(computed.outbound ? "Call to " : "Call from ") + computed.callerLabel' }],
      },
      line,
    ],
    mode: 'overwrite_unless_edited',
  },
  { field: 'hs_call_body', from: body, mode: 'overwrite_unless_edited' },
  {
    field: 'hs_call_direction',
    from: { path: 'conversation.direction' },
    transforms: [
      { use: 'default', value: 'inbound' },
      { use: 'value_map', values: { inbound: 'INBOUND', outbound: 'OUTBOUND' } },
    ],
    mode: 'overwrite',
  },
  {
    field: 'hs_call_status',
    from: { path: 'conversation.status' },
    transforms: [
      {
        use: 'value_map',
        values: {
          active: 'IN_PROGRESS',
          completed: 'COMPLETED',
          transferred: 'COMPLETED',
          missed: 'NO_ANSWER',
          abandoned: 'CANCELED',
          failed: 'FAILED',
          busy: 'BUSY',
          no_answer: 'NO_ANSWER',
          voicemail: 'NO_ANSWER',
          wrong_number: 'COMPLETED',
        },
        otherwise: 'COMPLETED',
      },
    ],
    mode: 'overwrite',
  },
  {
    // By the labels of HubSpot's own outcomes; the connector reads which values stand behind them in the account.
    field: 'hs_call_disposition',
    from: {
      cel: 'conversation.intent.trim().lowerAscii() in ["wrong_number", "wrong number", "wrong-number"] ? "wrong_number" : conversation.status',
    },
    transforms: [
      {
        use: 'value_map',
        values: {
          completed: 'Connected',
          transferred: 'Connected',
          missed: 'No answer',
          no_answer: 'No answer',
          voicemail: 'Left voicemail',
          busy: 'Busy',
          wrong_number: 'Wrong number',
        },
        warn: false,
      },
    ],
    mode: 'overwrite',
  },
  {
    // Milliseconds: HubSpot takes seconds here without a word and shows a call of 0 s.
    field: 'hs_call_duration',
    from: { path: 'conversation.durationSeconds' },
    transforms: [{ use: 'duration', from: 'seconds', to: 'milliseconds' }],
    mode: 'overwrite',
  },
  { field: 'hs_call_from_number', from: { path: 'computed.fromNumber' }, transforms: [line], mode: 'overwrite' },
  { field: 'hs_call_to_number', from: { path: 'computed.toNumber' }, transforms: [line], mode: 'overwrite' },
  {
    // HubSpot's calls guide: HTTPS only.
    field: 'hs_call_recording_url',
    from: { path: 'conversation.recordingUrl' },
    transforms: [{ use: 'url', https: true }],
    mode: 'overwrite',
  },
  { field: 'hs_call_external_id', from: { path: 'conversation.id' }, mode: 'overwrite' },
];

const textMessage: readonly Row[] = [
  timestamp,
  {
    field: 'hs_communication_channel_type',
    from: { path: 'conversation.channel' },
    transforms: [{ use: 'value_map', values: { whatsapp: 'WHATS_APP' }, otherwise: 'SMS', warn: false }],
    mode: 'overwrite',
  },
  { field: 'hs_communication_logged_from', from: { constant: 'CRM' }, mode: 'overwrite' },
  { field: 'hs_communication_body', from: body, mode: 'overwrite_unless_edited' },
];

/** HubSpot's communications know no web chat: a note is its honest place. */
const chat: readonly Row[] = [timestamp, { field: 'hs_note_body', from: body, mode: 'overwrite_unless_edited' }];

/** Once it is there, the task belongs to the person who works on it. */
const task: readonly Row[] = [
  {
    field: 'hs_timestamp',
    from: { path: 'task.dueAt' },
    mode: 'create_only',
  },
  {
    field: 'hs_task_subject',
    from: { template: 'Call back {{computed.callerLabel}}' },
    transforms: [line],
    mode: 'create_only',
  },
  {
    field: 'hs_task_body',
    from: {
      cel: '(handoff.requested ? "The AI receptionist asked for a person" + (handoff.reason == "" ? "" : " (" + handoff.reason.words() + ")") + "." : "Please follow up. Outcome: " + computed.outcome + ".") + (computed.callerNumber == "" ? "" : " Number: " + computed.callerNumber + ".")',
    },
    transforms: [
      { use: 'truncate', max: 10_000 },
      { use: 'html', paragraph: false },
    ],
    mode: 'create_only',
  },
  { field: 'hs_task_status', from: { constant: 'NOT_STARTED' }, mode: 'create_only' },
  {
    // HubSpot's tasks guide: HIGH, MEDIUM or LOW.
    field: 'hs_task_priority',
    from: { path: 'task.priority' },
    transforms: [{ use: 'value_map', values: { high: 'HIGH', medium: 'MEDIUM', low: 'LOW' } }],
    mode: 'create_only',
  },
  { field: 'hs_task_type', from: { constant: 'CALL' }, mode: 'create_only' },
];

/** What a new HubSpot customer gets, as a document that can be changed. */
export const hubSpotDocument: MappingDocumentInput = {
  version: 1,
  crm: 'hubspot',
  name: 'default-hubspot',
  person: [...person],
  activities: { call: [...call], text_message: [...textMessage], chat: [...chat] },
  task: [...task],
};
