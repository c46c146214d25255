/** The wall clock of a time zone. */
export interface ZoneClock {
  /** The date there, such as `2026-03-02`. */
  dateOf(at: Date): string;
  /** Minutes since midnight there. */
  minutesOf(at: Date): number;
  /** The day after, by the calendar. */
  nextDate(date: string): string;
  /**
   * The instant at which the wall clock shows so many minutes after midnight. A time that the clocks skip is the instant
   * at which they do; of a time that they show twice it is the first.
   */
  instantOf(date: string, minutes: number): Date;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

const clocks = new Map<string, ZoneClock>();

/**
 * @param timeZone an IANA name
 * @throws RangeError for one that does not exist
 */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const made = createClock(timeZone);
  clocks.set(timeZone, made);
  return made;
}

function createClock(timeZone: string): ZoneClock {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    dateStyle: 'short',
    timeStyle: 'medium',
    hourCycle: 'h23',
  });
  /** What the wall clock shows, as milliseconds, as if it were UTC. */
  const shown = (at: number): number => Date.parse(`${format.format(at).replace(', ', 'T')}Z`);
  const offset = (at: number): number => shown(at) - Math.floor(at / 1_000) * 1_000;

  function instantOf(date: string, minutes: number): Date {
    const wanted = Date.parse(`${date}T00:00:00Z`) + minutes * MINUTE_MS;
    // The offsets around that time; they differ on the day the clocks change.
    const candidates = [offset(wanted - DAY_MS), offset(wanted + DAY_MS)].map((each) => wanted - each);
    const exact = candidates.filter((at) => shown(at) === wanted).toSorted((a, b) => a - b)[0];
    if (exact !== undefined) return new Date(exact);
    return new Date(changeBetween(Math.min(...candidates) - DAY_MS, Math.max(...candidates)));
  }

  /** The instant between two others at which the clocks go forward. */
  function changeBetween(low: number, high: number): number {
    const before = offset(low);
    let [from, to] = [low, high];
    while (to - from > 1_000) {
      const middle = from + Math.floor((to - from) / 2_000) * 1_000;
      if (offset(middle) === before) from = middle;
      else to = middle;
    }
    return to;
  }

  return {
    dateOf: (at) => new Date(shown(at.getTime())).toISOString().slice(0, 10),
    minutesOf: (at) => Math.floor((shown(at.getTime()) % DAY_MS) / MINUTE_MS),
    nextDate: (date) => new Date(Date.parse(`${date}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10),
    instantOf,
  };
}
