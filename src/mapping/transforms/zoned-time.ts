/** An instant as clocks of a zone show it. */
interface ZonedParts {
  /** `2026-03-02`. */
  readonly day: string;
  /** `10:00:00`. */
  readonly clock: string;
  /** `-05:00`, `Z` for UTC. */
  readonly offset: string;
}

/** Reads instants by the clocks of zones, named as IANA does. */
export type ZoneClock = (time: Date, zone: string) => ZonedParts;

/** A clock that keeps the format of every zone it has met: making one takes as long as a hundred uses of it. */
export function openZoneClock(): ZoneClock {
  const formats = new Map<string, Intl.DateTimeFormat>();
  return (time, zone) => {
    if (zone === 'UTC') return utcParts(time);
    const format = formats.get(zone) ?? formatOf(zone);
    formats.set(zone, format);
    return read(format.formatToParts(time));
  };
}

function utcParts(time: Date): ZonedParts {
  const text = time.toISOString();
  return { day: text.slice(0, 10), clock: text.slice(11, 19), offset: 'Z' };
}

function read(formatted: readonly Intl.DateTimeFormatPart[]): ZonedParts {
  const parts = new Map(formatted.map(({ type, value }) => [type, value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '';
  const offset = part('timeZoneName').replace('GMT', '').slice(0, '-05:00'.length);
  return {
    day: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    clock: `${part('hour')}:${part('minute')}:${part('second')}`,
    offset: offset === '' ? 'Z' : offset,
  };
}

function formatOf(zone: string): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
}
