import type { ActivityKind } from '../domain/crm.ts';
import { zoneClock } from '../domain/zone-clock.ts';
import { followUpText } from './follow-up-text.ts';
import type { FieldRule, Mapping, MappingSource } from './mapping.ts';
import { plainDescription, words } from './plain-description.ts';
import { cleanText, firstSentence, splitName, truncate } from './text.ts';

/** Salesforce's object reference: a task's description, its one-line texts, and a person's two names. */
const DESCRIPTION = 32_000;
const LINE = 255;
const FIRST_NAME = 40;
const LAST_NAME = 80;

const person: readonly FieldRule[] = [
  createOnly('Phone', ({ caller }) => identified(caller)?.phone?.e164),
  createOnly('Email', ({ caller }) => identified(caller)?.email),
  createOnly('FirstName', (source) => nameOf(source).first),
  createOnly('LastName', (source) => nameOf(source).last),
  // A lead must have a company. Contacts have no such field; there the connector leaves it out.
  createOnly('Company', () => 'Unknown'),
];

/**
 * What every conversation has. Its status is the org's own word for "done", which the connector fills in. A task keeps a
 * day without a zone: it is the day in UTC, and the exact time stands in the description.
 */
const conversation: readonly FieldRule[] = [
  unlessEdited('Subject', subject),
  unlessEdited('Description', (source) => plainDescription(source, DESCRIPTION)),
  overwrite('ActivityDate', ({ occurredAt }) => utcDay(occurredAt)),
  overwrite('CallObject', ({ known }) => known.conversation.id),
];

const call: readonly FieldRule[] = [
  ...conversation,
  // Makes it a logged call on the timeline. Taken when the task is made, refused afterwards.
  createOnly('TaskSubtype', () => 'Call'),
  overwrite('CallType', (source) => (isOutbound(source) ? 'Outbound' : 'Inbound')),
  overwrite('CallDurationInSeconds', ({ known }) => wholeSeconds(known.conversation.durationSeconds)),
  overwrite('CallDisposition', ({ known }) => clean(words(known.conversation.status) ?? '', LINE)),
];

const ACTIVITIES: Readonly<Record<ActivityKind, readonly FieldRule[]>> = {
  call,
  text_message: conversation,
  chat: conversation,
};

/** Salesforce's object reference: the values of `Priority` that an org begins with. */
const PRIORITY = { high: 'High', medium: 'Normal', low: 'Low' } as const;

/** Once it is there, the task belongs to the person who works on it. */
const task: readonly FieldRule[] = [
  createOnly('Subject', (source) => clean(`Call back ${who(source)}`, LINE)),
  createOnly('Description', taskDescription),
  createOnly('ActivityDate', dueDay),
  createOnly('Priority', ({ followUp }) => followUp && PRIORITY[followUp.priority]),
];

/** What a new Salesforce customer gets without touching anything. */
export const defaultSalesforceMapping: Mapping = {
  version: 'default-salesforce-2',
  crm: 'salesforce',
  person,
  activity: (kind) => ACTIVITIES[kind],
  task,
  readsMessages: true,
  // Every status is passed on in words; none has to be guessed at.
  warnings: () => [],
};

function createOnly(field: string, value: FieldRule['value']): FieldRule {
  return { field, mode: 'create_only', value };
}

function overwrite(field: string, value: FieldRule['value']): FieldRule {
  return { field, mode: 'overwrite', value };
}

function unlessEdited(field: string, value: FieldRule['value']): FieldRule {
  return { field, mode: 'overwrite_unless_edited', value };
}

function identified(caller: MappingSource['caller']) {
  return caller.kind === 'identified' ? caller : undefined;
}

/** Everybody must have a last name in Salesforce: a single word is one, and a nameless caller has his number. */
function nameOf({ caller }: MappingSource): { readonly first: string | undefined; readonly last: string | undefined } {
  const known = identified(caller);
  const name = cleanText(known?.name ?? '').trim();
  if (name === '') return { first: 'Unknown caller', last: known?.phone?.e164 ?? known?.email };
  const { first, last } = splitName(name);
  if (last === undefined) return { first: undefined, last: truncate(first, LAST_NAME) };
  return { first: truncate(first, FIRST_NAME), last: truncate(last, LAST_NAME) };
}

function subject(source: MappingSource): string {
  const { summary, channel } = source.known.conversation;
  const fromSummary = clean(firstSentence(summary ?? ''), LINE);
  if (fromSummary !== '') return fromSummary;
  const kind = channel === 'voice' || channel === 'phone' || channel === 'call' ? 'Call' : 'Conversation';
  return clean(`${kind} ${isOutbound(source) ? 'to' : 'from'} ${who(source)}`, LINE);
}

function taskDescription(source: MappingSource): string {
  return clean(followUpText(source), DESCRIPTION);
}

function who(source: MappingSource): string {
  const known = identified(source.caller);
  return known?.name ?? numberOf(source) ?? known?.email ?? 'an unknown caller';
}

function numberOf({ caller, known }: MappingSource): string | undefined {
  return identified(caller)?.phone?.e164 ?? known.conversation.caller.number;
}

function isOutbound({ known }: MappingSource): boolean {
  return known.conversation.direction === 'outbound';
}

/** A task is due on a day, by the clocks of the tenant. */
function dueDay({ followUp, context }: MappingSource): string | undefined {
  return followUp && zoneClock(context?.timezone ?? 'UTC').dateOf(new Date(followUp.dueAt));
}

function utcDay(instant: string): string | undefined {
  const date = new Date(instant);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString().slice(0, 10);
}

function wholeSeconds(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : String(Math.round(seconds));
}

function clean(text: string, limit: number): string {
  return truncate(cleanText(text), limit);
}
