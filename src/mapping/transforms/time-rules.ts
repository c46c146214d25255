import type { PlainTransform } from '../document/transform-schema.ts';
import { MILLISECONDS } from './number-rules.ts';
import { checkedTextRule, ofType, type Run, type TransformRule } from './rule.ts';
import { openZoneClock } from './zoned-time.ts';

type Options<U extends PlainTransform['use']> = Extract<PlainTransform, { use: U }>;

const NO_TIME = 'no date and time in ISO 8601';

/** The day of an instant by the clocks of a zone. */
export function dateRule({ zone }: Options<'date'>): TransformRule {
  const clockOf = openZoneClock();
  return timeRule(ofType('day', 10), (time, run) => clockOf(time, zoneOf(zone, run)).day);
}

/** An instant in another form. */
export function dateTimeRule({ as, zone }: Options<'date_time'>): TransformRule {
  const clockOf = openZoneClock();
  switch (as) {
    case 'utc':
      return timeRule(ofType('instant', 24), (time) => time.toISOString());
    case 'epoch_ms':
      return timeRule(ofType('number', 16), (time) => time.getTime());
    case 'zoned':
      return timeRule(ofType('instant', 25), (time, run) => {
        const { day, clock, offset } = clockOf(time, zoneOf(zone, run));
        return `${day}T${clock}${offset}`;
      });
    case 'readable':
      return timeRule(ofType('text', 16), (time, run) => {
        const { day, clock } = clockOf(time, zoneOf(zone, run));
        return `${day} ${clock.slice(0, 5)}`;
      });
  }
}

/** A later or earlier instant. */
export function addTimeRule({ amount, unit }: Options<'add_time'>): TransformRule {
  const added = amount * MILLISECONDS[unit];
  return timeRule(ofType('instant', 24), (time) => {
    const later = new Date(time.getTime() + added);
    return isWritable(later) ? later.toISOString() : undefined;
  });
}

function timeRule(
  given: Parameters<typeof checkedTextRule>[0],
  write: (time: Date, run: Run) => string | number | undefined,
): TransformRule {
  return {
    ...checkedTextRule(
      given,
      (text, run) => {
        const time = parseTime(text);
        return time === undefined ? undefined : write(time, run);
      },
      NO_TIME,
    ),
    gives: ({ always, type }) => ({ ...given, always: always && type === 'instant' }),
  };
}

/** A time without an offset is one in UTC: what it is elsewhere would depend on the machine. */
function parseTime(text: string): Date | undefined {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:\d{2})?)?$/i.exec(
    text.trim(),
  );
  if (parts === null) return undefined;
  const [, day = '', clock = '00:00', offset = 'Z'] = parts;
  const time = new Date(`${day}T${clock}${offset.toUpperCase()}`);
  return isDay(day) && isWritable(time) ? time : undefined;
}

/** JavaScript takes 31 February for 3 March. */
function isDay(day: string): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  return isWritable(midnight) && midnight.toISOString().startsWith(day);
}

/** A year of four digits; false for what is no time at all. */
function isWritable(time: Date): boolean {
  return time.getUTCFullYear() >= 1 && time.getUTCFullYear() <= 9998;
}

/** The tenant's zone where a row does not name one; UTC where nobody knows it. */
function zoneOf(zone: string, { source }: Run): string {
  return zone === 'tenant' ? (source.context?.timezone ?? 'UTC') : zone;
}
