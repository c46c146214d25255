import { LEDGER_STATES, type LedgerState } from '../../domain/ledger.ts';
import { STATE_APPEARANCE } from '../state-appearance.ts';
import { table, type Column } from '../table.ts';
import { counted, quoted } from '../wording.ts';
import { explainReason } from './explain.ts';
import type { ConnectionPlan, DraftedSet } from './plan-conversations.ts';
import type { PlanDifference } from './plan-difference.ts';
import type { PlanEffect } from './plan-effect.ts';

type Previewed = Extract<ConnectionPlan, { kind: 'previewed' }>;

const VALUE_WIDTH = 40;
const NOTHING = '-';
const COUNT: Column = { title: 'conversations', align: 'right' };
const titles = (...names: readonly string[]): readonly Column[] => names.map((title) => ({ title }));

/** What deliveries would come to at one connection: the answer, then tables. */
export function effectBlocks(plan: Previewed): readonly string[] {
  const { connectionId, effect, preview } = plan;
  if (effect.conversations === 0) return [`${connectionId} has no conversations yet: nothing to plan.`];
  return [
    effectAnswer(connectionId, effect),
    recordTable(effect),
    ...outcomeTable(effect),
    ...fieldTable(effect),
    ...warningTable('warning', effect.warnings),
    ...looseEnds(plan),
    `${counted(preview.calls, 'CRM call')} to look, ${perConversation(plan)} per conversation.`,
  ];
}

/** What a draft changes at one connection: the answer, both mappings side by side, then what differs. */
export function differenceBlocks(plan: Previewed, draft: DraftedSet): readonly string[] {
  const { connectionId, effect } = plan;
  const { difference, mappingVersion, warnings } = draft;
  if (effect.conversations === 0) return [`${connectionId} has no conversations yet: nothing to compare.`];
  const uncompared = effect.conversations - difference.compared;
  const rest = uncompared === 0 ? '' : ` ${counted(uncompared, 'other')} could not be compared.`;
  return [
    `The draft (${mappingVersion}) changes ${difference.changed === 0 ? 'none' : number(difference.changed)} of ${counted(difference.compared, 'conversation')} at ${connectionId}.${rest} Nothing was written.`,
    sideBySide(plan, draft),
    ...recordDifferences(difference),
    ...outcomeDifferences(difference),
    ...fieldDifferences(difference),
    ...warningTable('new warning', difference.newWarnings),
    ...failureTable('new failure', difference.newFailures),
    ...warnings.map(({ path, message, risk }) => `! ${path}: ${message}: ${risk}`),
    ...looseEnds(plan),
  ];
}

/** Fields that would be written otherwise, with examples. */
export function fieldDifferences({ fields }: PlanDifference): readonly string[] {
  const columns = [...titles('record', 'field'), COUNT, ...titles('example', 'present', 'draft')];
  const rows = fields.flatMap(({ record, field, conversations, examples }) =>
    examples.map(({ conversationId, present, draft }, index) => [
      ...(index === 0 ? [record, field, number(conversations)] : ['', '', '']),
      conversationId,
      value(present),
      value(draft),
    ]),
  );
  return rows.length === 0 ? [] : [table(columns, rows)];
}

/** What the account lacks, and what PersonaDesk no longer has. */
export function looseEnds({ preview, effect }: Pick<Previewed, 'preview' | 'effect'>): readonly string[] {
  const { fromSnapshots } = effect;
  return [
    ...(preview.missing.length === 0
      ? []
      : [`! The account lacks what a delivery creates first: ${preview.missing.join(', ')}.`]),
    ...(fromSnapshots === 0
      ? []
      : [`PersonaDesk no longer has ${counted(fromSnapshots, 'conversation')}: planned from what was stored.`]),
  ];
}

function effectAnswer(connectionId: string, effect: PlanEffect): string {
  const states = statesOf(effect).map(
    ([state, count]) => `${number(count)} ${STATE_APPEARANCE[state].icon} ${STATE_APPEARANCE[state].word}`,
  );
  const unchecked = uncheckedOf(effect);
  const parts = [
    ...(states.length === 0 ? [] : [`would become: ${states.join(', ')}`]),
    ...(unchecked === 0 ? [] : [`${number(unchecked)} could not be checked`]),
  ];
  return `${counted(effect.conversations, 'conversation')} at ${connectionId} ${parts.join('; ')}. Nothing was written.`;
}

function statesOf({ outcomes }: PlanEffect): readonly (readonly [LedgerState, number])[] {
  return LEDGER_STATES.flatMap((state) => {
    const alike = outcomes.filter((outcome) => outcome.state === state);
    const count = alike.reduce((sum, { conversations }) => sum + conversations, 0);
    return count === 0 ? [] : [[state, count] as const];
  });
}

function uncheckedOf({ unchecked }: PlanEffect): number {
  return unchecked.reduce((sum, { conversations }) => sum + conversations, 0);
}

function recordTable({ people, activities, tasks }: PlanEffect): string {
  const columns = [
    { title: 'record' },
    ...['create', 'write', 'keep'].map((title) => ({ title, align: 'right' as const })),
  ];
  return table(columns, [
    ['people', number(people.create), number(people.update), number(people.keep)],
    ['activities', NOTHING, number(activities.write), number(activities.keep)],
    ['tasks', NOTHING, number(tasks.write), number(tasks.keep)],
  ]);
}

function outcomeTable({ outcomes, unchecked }: PlanEffect): readonly string[] {
  const rows = outcomes.map(({ state, reason, conversations }) => {
    const { icon, word } = STATE_APPEARANCE[state];
    return [number(conversations), `${icon} ${word}`, reason, explainReason(reason).means];
  });
  return [
    ...(rows.length === 0 ? [] : [table([COUNT, ...titles('state', 'reason', 'what it means')], rows)]),
    ...failureTable('could not be checked', unchecked),
  ];
}

function fieldTable({ fields }: PlanEffect): readonly string[] {
  const columns = [...titles('record', 'field'), COUNT, ...titles('example', 'before', 'planned')];
  const rows = fields.flatMap(({ record, field, conversations, examples }) =>
    examples.map(({ conversationId, from, to }, index) => [
      ...(index === 0 ? [record, field, number(conversations)] : ['', '', '']),
      conversationId,
      value(from),
      value(to),
    ]),
  );
  return rows.length === 0 ? [] : [table(columns, rows)];
}

function warningTable(title: string, warnings: PlanEffect['warnings']): readonly string[] {
  const rows = warnings.map(({ warning, conversations }) => [number(conversations), warning]);
  return rows.length === 0 ? [] : [table([COUNT, { title }], rows)];
}

function failureTable(title: string, failures: PlanEffect['unchecked']): readonly string[] {
  const rows = failures.map(({ code, conversations }) => [number(conversations), code]);
  return rows.length === 0 ? [] : [table([COUNT, { title }], rows)];
}

function sideBySide(present: Previewed, draft: DraftedSet): string {
  const columns: readonly Column[] = [
    { title: '' },
    ...['present', 'draft'].map((title) => ({ title, align: 'right' as const })),
  ];
  const both = (label: string, count: (effect: PlanEffect) => number) => [
    label,
    number(count(present.effect)),
    number(count(draft.effect)),
  ];
  const states = LEDGER_STATES.flatMap((state) => {
    const countOf = (effect: PlanEffect) => statesOf(effect).find(([each]) => each === state)?.[1] ?? 0;
    return countOf(present.effect) + countOf(draft.effect) === 0 ? [] : [both(STATE_APPEARANCE[state].word, countOf)];
  });
  return table(columns, [
    both('people to create', ({ people }) => people.create),
    both('people to change', ({ people }) => people.update),
    both('activities to write', ({ activities }) => activities.write),
    both('tasks to write', ({ tasks }) => tasks.write),
    ...states,
    both('could not be checked', uncheckedOf),
    ['CRM calls to look, per conversation', perConversation(present), perConversation(draft)],
  ]);
}

function recordDifferences({ records }: PlanDifference): readonly string[] {
  const rows = records.map(({ record, present, draft, conversations }) => [
    number(conversations),
    record,
    present,
    draft,
  ]);
  return rows.length === 0 ? [] : [table([COUNT, ...titles('record', 'present', 'draft')], rows)];
}

function outcomeDifferences({ outcomes }: PlanDifference): readonly string[] {
  const rows = outcomes.map(({ present, draft, conversations }) => [number(conversations), present, draft]);
  return rows.length === 0 ? [] : [table([COUNT, ...titles('present outcome', 'draft outcome')], rows)];
}

function perConversation({ preview, effect }: Pick<Previewed, 'preview' | 'effect'>): string {
  return (preview.calls / Math.max(1, effect.conversations)).toFixed(2);
}

function number(count: number): string {
  return count.toLocaleString('en-US');
}

function value(text: string | undefined): string {
  return text === undefined ? NOTHING : quoted(text, VALUE_WIDTH);
}
