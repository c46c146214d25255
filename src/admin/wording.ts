import type { ActivityKind } from '../domain/crm.ts';
import type { Actor } from '../domain/reasons.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `1 conversation`, `1,204 conversations`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`;
}

/** A duration as it is read aloud: `850 ms`, `4.2 s`, `12 min`, `3 h`, `2 d`. */
export function duration(ms: number): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`;
  return `${Math.floor(ms / DAY)} d`;
}

/** An instant seen from now: `2 min ago`, `in 3 h`, `now`. */
export function relative(instant: Date, now: Date): string {
  const ms = instant.getTime() - now.getTime();
  if (Math.abs(ms) < SECOND) return 'now';
  return ms < 0 ? `${duration(-ms)} ago` : `in ${duration(ms)}`;
}

const ACTORS: Readonly<Record<Actor, string>> = {
  nobody: 'nobody',
  sales_ops: 'sales ops',
  crm_admin: 'a CRM admin',
  operator: 'an operator',
};

/** Who acts, in words. */
export function actorWord(actor: Actor): string {
  return ACTORS[actor];
}

/** An activity, in words: `call`, `text message`, `chat`. */
export function activityWord(kind: ActivityKind): string {
  return kind.replaceAll('_', ' ');
}

// Control characters, C1 included, and marks that turn the direction of writing: a terminal would obey them.
// eslint-disable-next-line no-control-regex
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Text from outside on one line, in quotes, safe to show in a terminal, at most `limit` characters long. */
export function quoted(text: string, limit = 70): string {
  const characters = Array.from(GRAPHEMES.segment(text.replaceAll(UNSAFE, ' ').trim()), ({ segment }) => segment);
  const short = characters.length > limit ? `${characters.slice(0, limit - 1).join('')}…` : characters.join('');
  return `"${short}"`;
}
