import type { ActivityKind } from '../domain/crm.ts';
import type { FieldRule, Mapping, MappingSource } from './mapping.ts';
import { cleanText, firstSentence, splitName } from './text.ts';

const person: readonly FieldRule[] = [
  { field: 'phone', mode: 'create_only', value: ({ caller }) => identified(caller)?.phone?.e164 },
  { field: 'email', mode: 'create_only', value: ({ caller }) => identified(caller)?.email },
  { field: 'first_name', mode: 'create_only', value: ({ caller }) => nameOf(caller)?.first },
  { field: 'last_name', mode: 'create_only', value: ({ caller }) => nameOf(caller)?.last },
];

const written: readonly FieldRule[] = [
  overwrite('occurred_at', ({ occurredAt }) => occurredAt),
  overwrite('title', ({ known }) => clean(firstSentence(known.conversation.summary ?? ''))),
  overwrite('body', body),
  overwrite('direction', ({ known }) => known.conversation.direction),
  overwrite('status', ({ known }) => clean(known.conversation.status)),
  overwrite('conversation_id', ({ known }) => known.conversation.id),
];

const spoken: readonly FieldRule[] = [
  overwrite('duration_seconds', ({ known }) => known.conversation.durationSeconds?.toString()),
  overwrite('from_number', (source) => (isOutbound(source) ? ours(source) : theirs(source))),
  overwrite('to_number', (source) => (isOutbound(source) ? theirs(source) : ours(source))),
  overwrite('recording_url', ({ known }) => known.conversation.recordingUrl),
];

const ACTIVITIES: Readonly<Record<ActivityKind, readonly FieldRule[]>> = {
  call: [...written, ...spoken],
  text_message: written,
  chat: written,
};

/** Once it is there, the task belongs to the person who works on it. */
const task: readonly FieldRule[] = [
  { field: 'due_at', mode: 'create_only', value: ({ followUp }) => followUp?.dueAt },
  { field: 'subject', mode: 'create_only', value: (source) => `Call back ${theirs(source) ?? 'an unknown caller'}` },
  { field: 'body', mode: 'create_only', value: ({ known }) => known.handoff?.reason?.replaceAll('_', ' ') },
  { field: 'status', mode: 'create_only', value: () => 'open' },
];

/** What a connection to CSV files gets without touching anything. Text stays as long as it is: a file has no limits. */
export const defaultCsvLogMapping: Mapping = {
  version: 'default-csv-log-2',
  crm: 'csv-log',
  person,
  activity: (kind) => ACTIVITIES[kind],
  task,
  readsMessages: true,
  warnings: () => [],
};

function overwrite(field: string, value: FieldRule['value']): FieldRule {
  return { field, mode: 'overwrite', value };
}

function identified(caller: MappingSource['caller']) {
  return caller.kind === 'identified' ? caller : undefined;
}

function nameOf(caller: MappingSource['caller']) {
  const name = identified(caller)?.name;
  return name === undefined ? undefined : splitName(clean(name));
}

function body({ known: { conversation, messages } }: MappingSource): string {
  const transcript = (messages ?? []).map(({ role, text }) => `${role}: ${text}`);
  return clean([conversation.summary ?? '', ...transcript].filter((part) => part !== '').join('\n'));
}

function isOutbound({ known }: MappingSource): boolean {
  return known.conversation.direction === 'outbound';
}

function ours({ known }: MappingSource): string | undefined {
  return known.conversation.businessNumber;
}

function theirs({ caller, known }: MappingSource): string | undefined {
  return identified(caller)?.phone?.e164 ?? known.conversation.caller.number;
}

/** One kind of line end: the file's own stands between rows. */
function clean(text: string): string {
  return cleanText(text).replace(/\r\n?/g, '\n');
}
