import type { PreviewedConversation } from '../../delivery/preview.ts';
import { STATE_APPEARANCE } from '../state-appearance.ts';
import { relative } from '../wording.ts';
import { explainReason } from './explain.ts';
import { attemptText, line } from './explain-text.ts';
import type { ConnectionPlan } from './plan-conversations.ts';
import { differenceBlocks, effectBlocks, fieldDifferences, looseEnds } from './plan-effect-text.ts';
import { uncheckedCode } from './plan-effect.ts';

type Previewed = Extract<ConnectionPlan, { kind: 'previewed' }>;

/** The plans of one conversation as text, a block each: at every connection, and by the draft where there is one. */
export function conversationBlocks(plans: readonly ConnectionPlan[], now: Date): readonly string[] {
  return plans.flatMap((plan): readonly string[] => {
    if (plan.kind === 'left_alone') return [leftAlone(plan, now)];
    const { connectionId, draft } = plan;
    return [
      ...planTexts(plan, connectionId),
      ...looseEnds(plan),
      ...(draft === undefined ? [] : [...planTexts(draft, `${connectionId}, by the draft`), ...draftChanges(plan)]),
    ];
  });
}

/** The effect on several conversations as text, a block each; with a draft, what it changes. */
export function selectionBlocks(plans: readonly ConnectionPlan[], now: Date): readonly string[] {
  return plans.flatMap((plan): readonly string[] => {
    if (plan.kind === 'left_alone') return [leftAlone(plan, now)];
    return plan.draft === undefined ? effectBlocks(plan) : differenceBlocks(plan, plan.draft);
  });
}

/** True when everything that was to be planned could be checked. */
export function isComplete(plans: readonly ConnectionPlan[]): boolean {
  return plans.every(
    (plan) =>
      plan.kind === 'previewed' &&
      plan.effect.unchecked.length === 0 &&
      (plan.draft === undefined || plan.draft.effect.unchecked.length === 0),
  );
}

/** What to do next. */
export function planHints(plans: readonly ConnectionPlan[]): readonly string[] {
  return plans.flatMap((plan): readonly string[] => {
    if (plan.kind === 'left_alone') return ['plan again when the CRM may be asked'];
    const { connectionId, effect, preview, draft } = plan;
    const unchecked = effect.unchecked.length + (draft?.effect.unchecked.length ?? 0) > 0;
    return [
      ...(unchecked ? [`why it could not be checked: crm-sync doctor ${connectionId}`] : []),
      ...(preview.missing.length > 0 ? [`create now what is missing: crm-sync doctor ${connectionId} --fix`] : []),
    ];
  });
}

function planTexts({ preview }: Pick<Previewed, 'preview'>, where: string): readonly string[] {
  return preview.conversations.map((one) =>
    [headline(one, where), ...whyLines(one), ...attemptText(one.trace)].join('\n'),
  );
}

/** `conv_123 at acme-hubspot: would become ✓ synced. Nothing was written.` */
function headline(one: PreviewedConversation, where: string): string {
  const { icon, word } = STATE_APPEARANCE[one.outcome.state];
  const becomes = uncheckedCode(one) === undefined ? `would become ${icon} ${word}` : 'could not be checked';
  return `${one.conversationId} at ${where}: ${becomes}. Nothing was written.`;
}

function whyLines({ outcome, readFrom }: PreviewedConversation): readonly string[] {
  const { code, means } = explainReason(outcome.reason);
  const vendor = outcome.vendorCode === undefined ? '' : `, ${outcome.vendorCode}`;
  return [
    line('Then', `${means} (${code}${vendor})`),
    ...(readFrom === 'source' ? [] : [line('Read from', 'what was stored of it: PersonaDesk no longer has it')]),
  ];
}

function draftChanges({ draft }: Previewed): readonly string[] {
  if (draft === undefined) return [];
  const { difference, warnings } = draft;
  const answer = difference.changed === 0 ? 'The draft changes nothing here.' : 'What the draft changes:';
  return [
    [answer, ...fieldDifferences(difference)].join('\n'),
    ...warnings.map(({ path, message, risk }) => `! ${path}: ${message}: ${risk}`),
  ];
}

function leftAlone(plan: Extract<ConnectionPlan, { kind: 'left_alone' }>, now: Date): string {
  const { connectionId, until, reason } = plan;
  const why = reason === undefined ? '' : ` (${reason})`;
  return `${connectionId} is left alone until ${until.toISOString()}, ${relative(until, now)}${why}: nothing was asked, and nothing can be said.`;
}
