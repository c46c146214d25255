import type { Caller } from '../../domain/caller.ts';
import type { CrmFailure, RecordRef } from '../../domain/crm.ts';
import type { DeliveryPlan, FieldChange, OwnerPlan, RelatedPlan, WriteMode } from '../../domain/plan.ts';
import type { AttemptTrace } from '../../domain/trace.ts';
import { STATE_APPEARANCE } from '../state-appearance.ts';
import { table } from '../table.ts';
import { activityWord, actorWord, counted, duration, quoted, relative } from '../wording.ts';
import type { ConnectionExplanation } from './explain.ts';

/** One connection's part of an explanation as text: the answer, why, then what was looked at, decided and done. */
export function explanationText(explained: ConnectionExplanation, now: Date): string {
  const { lastAttempt } = explained;
  return [
    headline(explained),
    ...whyLines(explained),
    ...(lastAttempt === undefined ? [] : attemptText(lastAttempt)),
    ...historyLines(explained, now),
  ].join('\n');
}

/** What an attempt knew, decided and did, or would: the lines below the headline. */
export function attemptText(attempt: AttemptTrace): readonly string[] {
  return [...attemptLines(attempt), ...planBlock(attempt.plan), ...callBlock(attempt)];
}

/** `conv_123 at acme-hubspot: ✓ synced`. */
function headline({ conversationId, connectionId, state }: ConnectionExplanation): string {
  const { icon, word } = STATE_APPEARANCE[state];
  return `${conversationId} at ${connectionId}: ${icon} ${word}`;
}

function whyLines({ reason, vendorCode }: ConnectionExplanation): readonly string[] {
  const code = vendorCode === undefined ? reason.code : `${reason.code}, ${vendorCode}`;
  const why = line('Why', `${reason.means} (${code})`);
  return reason.who === 'nobody' ? [why] : [why, line('To do', `${actorWord(reason.who)}: ${reason.action}`)];
}

function attemptLines(attempt: AttemptTrace): readonly string[] {
  const { source, rawNumber, caller, lookUp, filter, failures, warnings } = attempt;
  return [
    ...(source === 'found' ? [] : [line('Source', `PersonaDesk answered: ${source}`)]),
    line('Number', numberText(rawNumber, caller)),
    ...(lookUp === undefined
      ? []
      : [
          line('Look-up', `${LOOK_UP_BY[lookUp.by]}; ${LOOK_UP_OUTCOME[lookUp.outcome]}. Rule: ${lookUp.rule}`),
          ...lookUp.candidates.map(({ ref, matchedBy }) => line('', `${refText(ref)}, matched by ${matchedBy}`)),
        ]),
    ...(filter === undefined ? [] : [line('Filter', filter)]),
    ...failures.flatMap((failure) => [
      line('Refused', failureText(failure)),
      ...(failure.means === undefined ? [] : [line('', failure.means)]),
    ]),
    ...warnings.map((warning) => line('Left out', warning)),
  ];
}

const LOOK_UP_BY = {
  choice: 'a person chose',
  index: 'remembered from an earlier conversation and verified',
  search: 'asked the CRM',
  written: 'the person this conversation was written for before',
} as const satisfies Record<NonNullable<AttemptTrace['lookUp']>['by'], string>;

const LOOK_UP_OUTCOME = {
  found: 'found',
  none: 'nobody has this number',
  ambiguous: 'several people have it',
  could_not_check: 'could not check, so nothing was created',
  not_searched: 'not searched for',
} as const satisfies Record<NonNullable<AttemptTrace['lookUp']>['outcome'], string>;

function numberText(raw: string | undefined, caller: Caller | undefined): string {
  const written = raw === undefined ? 'none' : quoted(raw);
  if (caller === undefined) return written;
  if (caller.kind !== 'identified') return `${written} (${caller.kind})`;
  const identity = caller.phone?.e164 ?? (caller.email === undefined ? 'no number' : quoted(caller.email));
  return `${written} -> ${identity}`;
}

function failureText({ code, status, field, vendorText, disposition }: CrmFailure): string {
  const where = [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(field === undefined ? [] : [`field ${field}`]),
  ];
  const said = vendorText === undefined ? '' : `; the CRM said ${quoted(vendorText, 200)}`;
  return `${[code, disposition, ...where].join(', ')}${said}`;
}

function planBlock(plan: DeliveryPlan | undefined): readonly string[] {
  if (plan === undefined) return [];
  const { person, activity, task } = plan;
  const rows = [
    ...changeRows('person', 'changes' in person ? person.changes : []),
    ...(activity === undefined ? [] : changeRows(activityWord(activity.kind), activity.changes)),
    ...changeRows('task', task?.changes ?? []),
  ];
  const ref = 'ref' in person ? ` ${refText(person.ref)}` : '';
  return [
    line('Person', `${person.action}${ref} (${person.rule})`),
    ...(activity === undefined ? [] : [line('Owner', ownerText(activityWord(activity.kind), activity.owner))]),
    ...(task === undefined ? [] : [line('Owner', ownerText('task', task.owner))]),
    ...relatedLines([...(activity?.related ?? []), ...(task?.related ?? [])]),
    ...(task?.rule === undefined ? [] : [line('Task', task.rule)]),
    ...(plan.content === undefined ? [] : [line('Content', contentText(plan.content))]),
    line('Mapping', plan.mappingVersion),
    ...plan.warnings.map((warning) => line('Warning', warning)),
    ...(rows.length === 0 ? [] : ['', table(FIELD_COLUMNS, rows)]),
  ];
}

/** What may leave, and why. */
function contentText({ recording, summary, transcript, rule }: NonNullable<DeliveryPlan['content']>): string {
  const parts = [
    ...(summary ? ['summary'] : []),
    ...(transcript ? ['transcript'] : []),
    ...(recording === 'link' ? ['link to the recording'] : []),
  ];
  return `${parts.length === 0 ? 'metadata only' : parts.join(', ')} (${rule})`;
}

function ownerText(record: string, { ownerId, rule }: OwnerPlan): string {
  return ownerId === undefined ? `${record}: ${rule}` : `${record}: ${ownerId} (${rule})`;
}

/** The task is mostly put on what the activity is put on: that is said once. */
function relatedLines(related: readonly RelatedPlan[]): readonly string[] {
  const texts = related.map((plan) => `${plan.action === 'link' ? refText(plan.ref) : 'nothing'} (${plan.rule})`);
  return [...new Set(texts)].map((text) => line('Also on', text));
}

const FIELD_COLUMNS = ['record', 'field', 'before', 'planned', 'mode', 'decision'].map((title) => ({ title }));

const DECISION = {
  write: 'write',
  keep_existing: 'keep what is there',
  keep_edited: 'keep what a person wrote',
  never: 'not written',
  unchanged: 'unchanged',
} as const satisfies Record<FieldChange['decision'], string>;

const MODE = {
  overwrite: 'overwrite',
  overwrite_unless_edited: 'overwrite unless edited',
  fill_if_empty: 'fill if empty',
  append_block: 'append block',
  create_only: 'only on create',
  never: 'never',
} as const satisfies Record<WriteMode, string>;

function changeRows(record: string, changes: readonly FieldChange[]): readonly (readonly string[])[] {
  return changes.map(({ field, from, to, mode, decision }) => [
    record,
    field,
    from === undefined ? '-' : quoted(from, 40),
    quoted(to, 40),
    MODE[mode],
    DECISION[decision],
  ]);
}

function callBlock(attempt: AttemptTrace): readonly string[] {
  if (attempt.requests.length === 0) return [];
  const { requests, batchSize } = attempt;
  const rows = requests.map(({ endpoint, status, durationMs }) => [
    endpoint,
    status?.toString() ?? 'no answer',
    duration(durationMs),
  ]);
  const columns = [{ title: 'CRM call' }, { title: 'status' }, { title: 'took', align: 'right' }] as const;
  const shared = batchSize > 1 ? [`(shared by a batch of ${counted(batchSize, 'conversation')})`] : [];
  return ['', table(columns, rows), ...shared];
}

function historyLines(explained: ConnectionExplanation, now: Date): readonly string[] {
  const { attempts, dueAt, events, history, written } = explained;
  const when = (instant: Date) => `${instant.toISOString()} (${relative(instant, now)})`;
  return [
    '',
    ...(written.length === 0 ? [] : [line('In the CRM', written.map(refText).join(', '))]),
    ...(dueAt === undefined ? [] : [line('Due', when(dueAt))]),
    line('Failures', attempts === 0 ? 'none since the last success' : `${counted(attempts, 'attempt')} in a row`),
    ...events.map(({ createdAt, type, eventId }) => line('Event', `${createdAt}  ${type}  ${eventId}`)),
    ...history.map(({ finishedAt, state, reason, calls }) =>
      line('Attempt', `${when(finishedAt)}  ${STATE_APPEARANCE[state].word}, ${reason}, ${counted(calls, 'call')}`),
    ),
  ];
}

function refText({ object, id }: RecordRef): string {
  return `${object} ${id}`;
}

const LABEL_WIDTH = 12;

/** One line below a headline. */
export function line(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)}${text}`;
}
