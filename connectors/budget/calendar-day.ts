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
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  /** The wall clock there, as if it were UTC. */
  const wallClock = (at: number): number => Date.parse(`${format.format(at).replace(', ', 'T')}Z`);
  const offset = (at: number): number => wallClock(at) - Math.floor(at / 1_000) * 1_000;
  return (now) => {
    const name = new Date(wallClock(now)).toISOString().slice(0, 10);
    const midnight = Date.parse(`${name}T00:00:00Z`) + 86_400_000;
    // The offset may change during the day; the one that holds at its end counts.
    const endsAt = midnight - offset(midnight - offset(now));
    return { name, endsAt: Math.max(endsAt, now + 1) };
  };
}
