import { zoneClock } from '../../src/domain/zone-clock.ts';

/** A day where the account is. Milliseconds since the epoch. */
export interface CalendarDay {
  /** `2026-03-02` */
  readonly name: string;
  /** The first instant of the next day. */
  readonly endsAt: number;
}

/** Tells the day at an instant. */
export type DayTeller = (now: number) => CalendarDay;

/** @param timeZone an IANA name. @throws RangeError for one that does not exist. */
export function daysIn(timeZone: string): DayTeller {
  const clock = zoneClock(timeZone);
  return (now) => {
    const name = clock.dateOf(new Date(now));
    return { name, endsAt: clock.instantOf(clock.nextDate(name), 0).getTime() };
  };
}
