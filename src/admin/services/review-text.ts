import type { CallerDecision } from '../../domain/caller-choice.ts';
import type { RecordRef } from '../../domain/crm.ts';
import type { ConversationId } from '../../domain/ids.ts';
import { STATE_APPEARANCE } from '../state-appearance.ts';
import { table } from '../table.ts';
import { relative } from '../wording.ts';
import type { ChoiceResult, ForgetResult } from './review-choice.ts';
import type { NotedChoice, ReviewCandidate, ReviewedConversation, ReviewItem, ReviewList } from './review.ts';

/** `contacts:5123`, as people write it after `--choose`. */
function refWord({ object, id }: RecordRef): string {
  return `${object}:${id}`;
}

const COLUMNS = ['conversation', 'connection', 'heard of', 'number', 'why', 'candidate', 'matched by', 'link'].map(
  (title) => ({ title }),
);

/** What waits for a person as text: the answer, then a line for each candidate. */
export function reviewBlocks(list: Extract<ReviewList, { kind: 'listed' }>, now: Date): readonly string[] {
  const { total, items } = list;
  if (total === 0) return ['No conversation waits for a person.'];
  const waiting = total === 1 ? '1 conversation waits' : `${total.toLocaleString('en-US')} conversations wait`;
  const shown = total > items.length ? ` These are the ${items.length} oldest.` : '';
  return [
    `${waiting} for a person to choose.${shown}`,
    table(
      COLUMNS,
      items.flatMap((item) => rowsOf(item, now)),
    ),
  ];
}

/** One conversation as text: where it stands, its candidates, and who chose what. */
export function reviewedText(reviewed: ReviewedConversation, now: Date): string {
  const { conversationId, connectionId, state, choices } = reviewed;
  const { icon, word } = STATE_APPEARANCE[state];
  const head = `${conversationId} at ${connectionId}: ${icon} ${word}`;
  const candidates = state === 'needs_review' ? ['', table(COLUMNS, rowsOf(reviewed, now))] : [];
  const chosen = choices.map((choice) => `  ${choice.at.toISOString()}  ${choice.by}: ${choiceWord(choice)}`);
  return [head, ...candidates, ...(chosen.length === 0 ? [] : ['', 'Chosen so far', ...chosen])].join('\n');
}

function choiceWord({ decision, scope }: NotedChoice): string {
  const what = decision.action === 'choose' ? `choose ${refWord(decision.ref)}` : decision.action;
  return scope === 'caller' ? `${what}, for every conversation of the caller` : what;
}

function rowsOf(item: ReviewItem, now: Date): readonly (readonly string[])[] {
  const { conversationId, connectionId, firstHeardAt, maskedNumber = '-', reason, candidates } = item;
  const [first, ...others] = candidates;
  const head = [conversationId, connectionId, relative(firstHeardAt, now), maskedNumber, reason.code];
  return [
    [...head, ...(first === undefined ? ['-'] : candidateCells(first))],
    ...others.map((candidate) => [...head.map(() => ''), ...candidateCells(candidate)]),
  ];
}

function candidateCells({ ref, matchedBy, link = '' }: ReviewCandidate): readonly string[] {
  return [refWord(ref), matchedBy, link];
}

/** What came of a choice, in a sentence. */
export function choiceText(conversation: ConversationId, result: ChoiceResult): string {
  switch (result.kind) {
    case 'unknown_conversation':
    case 'several_connections':
      return notFoundText(conversation, result);
    case 'not_in_review':
      return `${conversation} does not wait for a person at ${result.connectionId}: it is ${STATE_APPEARANCE[result.state].word}.`;
    case 'caller_unknown':
      return `Nothing is known to recognise later conversations of this caller by; choose for ${conversation} alone, without --always.`;
    case 'not_a_person':
      return `${result.object} holds no people in this CRM: choose a record of ${result.people.join(' or ')}.`;
    case 'record_gone':
      return `There is no ${refWord(result.ref)} in the CRM.`;
    case 'could_not_check':
      return `The CRM could not be asked for ${refWord(result.ref)} (${result.code}). ${result.means ?? ''}`.trimEnd();
    case 'chosen': {
      const always = result.always ? ' All later conversations of this caller are treated alike.' : '';
      return `${conversation} ${decisionText(result.decision)} at ${result.connectionId}. It is due again now.${always}`;
    }
  }
}

/** What came of taking a choice back, in a sentence. */
export function forgetText(conversation: ConversationId, result: ForgetResult): string {
  switch (result.kind) {
    case 'unknown_conversation':
    case 'several_connections':
      return notFoundText(conversation, result);
    case 'nothing_to_forget':
      return `Nothing is chosen for ${conversation} or its caller at ${result.connectionId}.`;
    case 'forgotten':
      return `What was chosen for ${conversation} and its caller at ${result.connectionId} no longer counts.`;
  }
}

/** That a conversation is known nowhere, or at several connections. */
export function notFoundText(
  conversation: ConversationId,
  result: Extract<ForgetResult, { kind: 'unknown_conversation' | 'several_connections' }>,
): string {
  if (result.kind === 'several_connections') {
    return `${conversation} is known at ${result.connections.join(' and ')}: say which with --connection.`;
  }
  const who = result.connectionId === undefined ? 'No connection has' : `${result.connectionId} has not`;
  return `${who} heard of ${conversation}.`;
}

function decisionText(decision: CallerDecision): string {
  switch (decision.action) {
    case 'choose':
      return `goes to ${refWord(decision.ref)}`;
    case 'create':
      return 'goes to somebody new';
    case 'skip':
      return 'is skipped';
  }
}
