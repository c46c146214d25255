import { z } from 'zod';
import { zoneClock, type ZoneClock } from './zone-clock.ts';

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
type Weekday = (typeof WEEKDAYS)[number];

const MINUTE_MS = 60_000;
/** A business that opens never has no next opening; a year of days is looked at. */
const DAYS_AHEAD = 366;

const span = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "hours such as '09:00-17:30'")
  .refine((text) => {
    const { opens, closes } = readSpan(text);
    return opens < closes;
  }, 'must close after it opens; hours past midnight are two spans on two days');

const daySchema = z.array(span).max(6).optional();

/** When somebody is there, on the wall clock of the tenant's time zone. A day that is not named is closed. */
export const businessHoursSchema = z.strictObject({
  sun: daySchema,
  mon: daySchema,
  tue: daySchema,
  wed: daySchema,
  thu: daySchema,
  fri: daySchema,
  sat: daySchema,
  /** Days on which nobody is there, such as `2026-12-25`. */
  holidays: z.array(z.iso.date()).max(500).optional(),
});

export type BusinessHours = z.infer<typeof businessHoursSchema>;

/** A stretch of opening hours. */
interface Opening {
  readonly from: Date;
  readonly to: Date;
}

/** @param timeZone an IANA name */
export function isOpen(at: Date, hours: BusinessHours, timeZone: string): boolean {
  const clock = zoneClock(timeZone);
  return openingsOn(clock.dateOf(at), hours, clock).some(({ from, to }) => from <= at && at < to);
}

/**
 * The instant that lies so many open minutes after `start`. Nothing counts while it is closed: 15 minutes from half an hour
 * before closing end today, from ten minutes before closing they end five minutes after the next opening.
 *
 * @returns `start` plus the minutes by the plain clock when there is no opening within a year
 */
export function addOpenMinutes(start: Date, minutes: number, hours: BusinessHours, timeZone: string): Date {
  const clock = zoneClock(timeZone);
  let left = minutes * MINUTE_MS;
  let date = clock.dateOf(start);
  for (let day = 0; day < DAYS_AHEAD; day += 1) {
    for (const { from, to } of openingsOn(date, hours, clock)) {
      const begin = from < start ? start : from;
      if (begin >= to) continue;
      const room = to.getTime() - begin.getTime();
      if (left <= room) return new Date(begin.getTime() + left);
      left -= room;
    }
    date = clock.nextDate(date);
  }
  return new Date(start.getTime() + minutes * MINUTE_MS);
}

/** In order; spans that overlap are one. */
function openingsOn(date: string, hours: BusinessHours, clock: ZoneClock): readonly Opening[] {
  if (hours.holidays?.includes(date) === true) return [];
  const spans = (hours[weekdayOf(date)] ?? []).map(readSpan).toSorted((a, b) => a.opens - b.opens);
  const merged: { opens: number; closes: number }[] = [];
  for (const { opens, closes } of spans) {
    const last = merged.at(-1);
    if (last !== undefined && opens <= last.closes) last.closes = Math.max(last.closes, closes);
    else merged.push({ opens, closes });
  }
  return merged.map(({ opens, closes }) => ({ from: clock.instantOf(date, opens), to: clock.instantOf(date, closes) }));
}

function weekdayOf(date: string): Weekday {
  return WEEKDAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sun';
}

/** Minutes since midnight. */
function readSpan(text: string): { readonly opens: number; readonly closes: number } {
  const [from = '', to = ''] = text.split('-');
  return { opens: minutesOf(from), closes: minutesOf(to) };
}

function minutesOf(time: string): number {
  const [hour, minute] = time.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}
