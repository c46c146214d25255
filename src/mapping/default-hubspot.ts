import type { ActivityKind } from '../domain/crm.ts';
import { activityBody } from './body.ts';
import { followUpText } from './follow-up-text.ts';
import type { FieldRule, Mapping, MappingSource } from './mapping.ts';
import { cleanText, firstSentence, splitName, truncate } from './text.ts';

/** HubSpot's property guide: a string property holds at most this many characters. */
const LONG_TEXT = 65_536;
const TITLE = 255;

/** `hs_call_status` by our status; HubSpot's calls guide lists the values on the right. */
const CALL_STATUS: Readonly<Record<string, string>> = {
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
};
const UNKNOWN_STATUS = 'COMPLETED';

/**
 * `hs_call_disposition` by our status, as HubSpot labels its own outcomes: which value stands behind a label is the
 * account's affair, and the connector reads it there. A status that does not say how the call went has none.
 */
const CALL_OUTCOME: Readonly<Record<string, string>> = {
  completed: 'Connected',
  transferred: 'Connected',
  missed: 'No answer',
  no_answer: 'No answer',
  voicemail: 'Left voicemail',
  busy: 'Busy',
  wrong_number: 'Wrong number',
};

const person: readonly FieldRule[] = [
  { field: 'phone', mode: 'create_only', value: ({ caller }) => identified(caller)?.phone?.e164 },
  { field: 'email', mode: 'create_only', value: ({ caller }) => identified(caller)?.email },
  { field: 'firstname', mode: 'create_only', value: ({ caller }) => firstName(caller) },
  { field: 'lastname', mode: 'create_only', value: ({ caller }) => lastName(caller) },
];

const when: FieldRule = { field: 'hs_timestamp', mode: 'overwrite', value: ({ occurredAt }) => occurredAt };

const call: readonly FieldRule[] = [
  when,
  { field: 'hs_call_title', mode: 'overwrite_unless_edited', value: title },
  { field: 'hs_call_body', mode: 'overwrite_unless_edited', value: body },
  { field: 'hs_call_direction', mode: 'overwrite', value: direction },
  {
    field: 'hs_call_status',
    mode: 'overwrite',
    value: ({ known }) => byStatus(CALL_STATUS, known.conversation.status) ?? UNKNOWN_STATUS,
  },
  { field: 'hs_call_disposition', mode: 'overwrite', value: outcome },
  // Milliseconds: HubSpot takes seconds here without a word and shows a call of 0 s.
  {
    field: 'hs_call_duration',
    mode: 'overwrite',
    value: ({ known }) => milliseconds(known.conversation.durationSeconds),
  },
  { field: 'hs_call_from_number', mode: 'overwrite', value: (source) => numbers(source).from },
  { field: 'hs_call_to_number', mode: 'overwrite', value: (source) => numbers(source).to },
  { field: 'hs_call_recording_url', mode: 'overwrite', value: recording },
  { field: 'hs_call_external_id', mode: 'overwrite', value: ({ known }) => known.conversation.id },
];

const textMessage: readonly FieldRule[] = [
  when,
  {
    field: 'hs_communication_channel_type',
    mode: 'overwrite',
    value: ({ known }) => (known.conversation.channel === 'whatsapp' ? 'WHATS_APP' : 'SMS'),
  },
  { field: 'hs_communication_logged_from', mode: 'overwrite', value: () => 'CRM' },
  { field: 'hs_communication_body', mode: 'overwrite_unless_edited', value: body },
];

/** HubSpot's communications know no web chat: a note is its honest place. */
const chat: readonly FieldRule[] = [when, { field: 'hs_note_body', mode: 'overwrite_unless_edited', value: body }];

/** Once it is there, the task belongs to the person who works on it. */
const task: readonly FieldRule[] = [
  { field: 'hs_timestamp', mode: 'create_only', value: ({ followUp }) => followUp?.dueAt },
  { field: 'hs_task_subject', mode: 'create_only', value: (source) => clean(`Call back ${who(source)}`, TITLE) },
  { field: 'hs_task_body', mode: 'create_only', value: taskBody },
  { field: 'hs_task_status', mode: 'create_only', value: () => 'NOT_STARTED' },
  { field: 'hs_task_priority', mode: 'create_only', value: ({ followUp }) => followUp?.priority.toUpperCase() },
  { field: 'hs_task_type', mode: 'create_only', value: () => 'CALL' },
];

const ACTIVITIES: Readonly<Record<ActivityKind, readonly FieldRule[]>> = { call, text_message: textMessage, chat };

/** What a new HubSpot customer gets without touching anything. */
export const defaultHubSpotMapping: Mapping = {
  version: 'default-hubspot-3',
  crm: 'hubspot',
  person,
  activity: (kind) => ACTIVITIES[kind],
  task,
  readsMessages: true,
  warnings: ({ known }) =>
    byStatus(CALL_STATUS, known.conversation.status) !== undefined
      ? []
      : [`status '${known.conversation.status}' is not known; it was written as ${UNKNOWN_STATUS}`],
};

function identified(caller: MappingSource['caller']) {
  return caller.kind === 'identified' ? caller : undefined;
}

/** HubSpot's contacts guide asks for a name or an e-mail address; a number alone may be refused. */
function firstName(caller: MappingSource['caller']): string | undefined {
  const name = identified(caller)?.name;
  return name === undefined ? 'Unknown caller' : clean(splitName(name).first, TITLE);
}

function lastName(caller: MappingSource['caller']): string | undefined {
  const known = identified(caller);
  if (known?.name === undefined) return known?.phone?.e164 ?? known?.email;
  const { last } = splitName(known.name);
  return last === undefined ? undefined : clean(last, TITLE);
}

function title(source: MappingSource): string {
  const { summary } = source.known.conversation;
  const fromSummary = summary === undefined ? '' : firstSentence(summary);
  if (fromSummary !== '') return clean(fromSummary, TITLE);
  return clean(`${direction(source) === 'INBOUND' ? 'Call from' : 'Call to'} ${who(source)}`, TITLE);
}

/** That somebody dialled a wrong number may be what the conversation was about, rather than how it ended. */
function outcome({ known: { conversation } }: MappingSource): string | undefined {
  const { status, intent } = conversation;
  if (intent !== undefined && folded(intent) === 'wrong_number') return CALL_OUTCOME.wrong_number;
  return byStatus(CALL_OUTCOME, status);
}

function byStatus(table: Readonly<Record<string, string>>, status: string): string | undefined {
  return Object.hasOwn(table, status) ? table[status] : undefined;
}

function folded(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
}

function body(source: MappingSource): string {
  return activityBody(source, LONG_TEXT);
}

function taskBody(source: MappingSource): string {
  return clean(followUpText(source), LONG_TEXT);
}

function direction({ known }: MappingSource): 'INBOUND' | 'OUTBOUND' {
  return known.conversation.direction === 'outbound' ? 'OUTBOUND' : 'INBOUND';
}

function numbers(source: MappingSource): { readonly from: string | undefined; readonly to: string | undefined } {
  const other = numberOf(source);
  const ours = source.known.conversation.businessNumber;
  return direction(source) === 'INBOUND' ? { from: other, to: ours } : { from: ours, to: other };
}

function numberOf({ caller, known }: MappingSource): string | undefined {
  return identified(caller)?.phone?.e164 ?? known.conversation.caller.number;
}

function who(source: MappingSource): string {
  return identified(source.caller)?.name ?? numberOf(source) ?? identified(source.caller)?.email ?? 'an unknown caller';
}

/** HubSpot's calls guide: HTTPS only. */
function recording({ known }: MappingSource): string | undefined {
  const url = known.conversation.recordingUrl;
  return url?.startsWith('https://') === true ? url : undefined;
}

function milliseconds(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : String(Math.round(seconds * 1000));
}

function clean(text: string, limit: number): string {
  return truncate(cleanText(text), limit);
}
