import { z } from 'zod';
import { conditionSchema, describeCondition, holds, type ConditionFacts } from './condition.ts';

/** Kinds of data that are recognised by what they are, not by a pattern alone. */
export const REDACTIONS = ['card_number', 'iban', 'us_ssn', 'email', 'phone_number'] as const;
export type Redaction = (typeof REDACTIONS)[number];

/**
 * A mask: `#` is a digit, `@` a letter, everything else itself. Not a regular expression, so that no text can make it run
 * long. Four digits or letters at least: fewer stand in every text.
 */
const mask = z
  .string()
  .regex(
    /^(?=(?:.*[#@]){4})[\p{L}\p{N}#@ ./_:-]{4,40}$/u,
    'a mask of 4 to 40 characters with at least four # (a digit) or @ (a letter), such as ACC-######',
  );

const redactionRuleSchema = z.union([z.enum(REDACTIONS), z.strictObject({ mask })]);

/** What is taken out of texts before anything leaves: a known kind, or a mask of one's own. */
export type RedactionRule = z.infer<typeof redactionRuleSchema>;

const parts = {
  recording: z.enum(['link', 'none']),
  summary: z.boolean(),
  transcript: z.boolean(),
};

/** What of a conversation's content may leave for the CRM; the first rule that applies changes it for its conversations. */
export const contentPolicySchema = z.strictObject({
  recording: parts.recording.default('link'),
  summary: parts.summary.default(true),
  transcript: parts.transcript.default(false),
  /** Taken out of every text that leaves. */
  redact: z.array(redactionRuleSchema).max(50).default([]),
  rules: z
    .array(
      z.strictObject({
        when: conditionSchema,
        recording: parts.recording.optional(),
        summary: parts.summary.optional(),
        transcript: parts.transcript.optional(),
      }),
    )
    .max(100)
    .default([]),
});

export type ContentPolicy = z.infer<typeof contentPolicySchema>;

/** What may leave of one conversation, and by which rule. */
export interface ContentDecision extends Pick<ContentPolicy, 'recording' | 'summary' | 'transcript' | 'redact'> {
  readonly rule: string;
}

/** Pure and total. */
export function decideContent(policy: ContentPolicy, facts: ConditionFacts): ContentDecision {
  const { recording, summary, transcript, redact } = policy;
  const found = policy.rules.find(({ when }) => holds(when, facts));
  if (found === undefined) return { recording, summary, transcript, redact, rule: 'for all conversations' };
  return {
    recording: found.recording ?? recording,
    summary: found.summary ?? summary,
    transcript: found.transcript ?? transcript,
    redact,
    rule: `for ${describeCondition(found.when)}`,
  };
}

/** Whether any conversation's transcript may leave: otherwise messages are not even fetched. */
export function mayUseTranscripts({ transcript, rules }: ContentPolicy): boolean {
  return transcript || rules.some((rule) => rule.transcript === true);
}
