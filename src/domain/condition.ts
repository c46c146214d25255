import { z } from 'zod';
import type { Caller } from './caller.ts';
import type { KnownConversation } from './known-conversation.ts';

/** One value or several, of which one must hold. */
const oneOf = z.union([z.string().min(1).max(200), z.array(z.string().min(1).max(200)).min(1).max(200)]);

/**
 * When a rule applies. Everything that is named must hold; of a list, one entry. Words are compared without case, so that
 * `Voice` is `voice`; a value that the source has not got is none of any list.
 */
export const conditionSchema = z
  .strictObject({
    channel: oneOf,
    direction: z.enum(['inbound', 'outbound']),
    /** `completed`, `missed`, `transferred`, ... */
    status: oneOf,
    intent: oneOf,
    language: oneOf,
    agent: oneOf,
    /** One of the conversation's tags. */
    tag: oneOf,
    /** The caller: recognised by a number or an address, hidden on purpose, or neither. */
    caller: z.union([callerKind(), z.array(callerKind()).min(1)]),
    /** How the caller's number begins, in E.164: `+1415`, `+44`. */
    numberStartsWith: z.union([e164Start(), z.array(e164Start()).min(1).max(500)]),
    /** Our own number that was called or called from, in E.164. */
    businessNumber: oneOf,
    /** Seconds. */
    durationAtLeast: z.number().min(0),
    durationBelow: z.number().positive(),
    /** Whether a person was asked for. */
    handoff: z.boolean(),
    /** Whether it began outside the tenant's business hours. */
    afterHours: z.boolean(),
    /** Whether we heard of this caller before. */
    repeatCaller: z.boolean(),
  })
  .partial()
  .refine((condition) => Object.keys(condition).length > 0, 'names nothing: say when the rule applies');

export type Condition = z.infer<typeof conditionSchema>;

/** What a condition is judged by. */
export interface ConditionFacts {
  readonly known: KnownConversation;
  readonly caller: Caller;
  readonly afterHours: boolean;
  readonly repeatCaller: boolean;
}

/** Pure and total. */
export function holds(condition: Condition, facts: ConditionFacts): boolean {
  const { conversation, handoff } = facts.known;
  const number = facts.caller.kind === 'identified' ? facts.caller.phone?.e164 : undefined;
  const duration = conversation.durationSeconds;
  const checks: readonly [asked: unknown, met: () => boolean][] = [
    [condition.channel, () => isOneOf(condition.channel, [conversation.channel])],
    [condition.direction, () => condition.direction === conversation.direction],
    [condition.status, () => isOneOf(condition.status, [conversation.status])],
    [condition.intent, () => isOneOf(condition.intent, [conversation.intent])],
    [condition.language, () => isOneOf(condition.language, [conversation.language])],
    [condition.agent, () => isOneOf(condition.agent, [conversation.agentId])],
    [condition.tag, () => isOneOf(condition.tag, conversation.tags)],
    [condition.caller, () => isOneOf(condition.caller, [facts.caller.kind])],
    [
      condition.numberStartsWith,
      () => listOf(condition.numberStartsWith).some((start) => number?.startsWith(start) === true),
    ],
    [condition.businessNumber, () => isOneOf(condition.businessNumber, [conversation.businessNumber])],
    [condition.durationAtLeast, () => duration !== undefined && duration >= (condition.durationAtLeast ?? 0)],
    [condition.durationBelow, () => duration !== undefined && duration < (condition.durationBelow ?? 0)],
    [condition.handoff, () => condition.handoff === (handoff !== undefined)],
    [condition.afterHours, () => condition.afterHours === facts.afterHours],
    [condition.repeatCaller, () => condition.repeatCaller === facts.repeatCaller],
  ];
  return checks.every(([asked, met]) => asked === undefined || met());
}

/** A condition as people read it: `channel sms, duration below 10 s`. */
export function describeCondition(condition: Condition): string {
  return Object.entries(condition)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${wordsOf(name)} ${valueText(value)}${name.startsWith('duration') ? ' s' : ''}`],
    )
    .join(', ');
}

function isOneOf(wanted: string | readonly string[] | undefined, values: readonly (string | undefined)[]): boolean {
  const folded = new Set(listOf(wanted).map(fold));
  return values.some((value) => value !== undefined && folded.has(fold(value)));
}

function listOf(wanted: string | readonly string[] | undefined): readonly string[] {
  return wanted === undefined ? [] : typeof wanted === 'string' ? [wanted] : wanted;
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}

function valueText(value: boolean | number | string | readonly string[]): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? value.join(' or ') : String(value);
}

/** `numberStartsWith` reads `number starts with`. */
function wordsOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

function callerKind() {
  return z.enum(['identified', 'withheld', 'unidentified']);
}

function e164Start() {
  return z.string().regex(/^\+[1-9]\d{0,14}$/, 'the beginning of a number with its country code, such as +1415');
}
