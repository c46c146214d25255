import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addOpenMinutes, businessHoursSchema, isOpen } from '../../src/domain/business-hours.ts';
import { zoneClock } from '../../src/domain/zone-clock.ts';

const NINE_TO_FIVE = ['09:00-17:00'];
const OFFICE = businessHoursSchema.parse({
  mon: NINE_TO_FIVE,
  tue: NINE_TO_FIVE,
  wed: NINE_TO_FIVE,
  thu: ['13:00-17:00', '09:00-12:00'],
  fri: NINE_TO_FIVE,
  holidays: ['2026-11-26'],
});
const NEW_YORK = 'America/New_York';

const after = (start: string, minutes: number, zone = NEW_YORK) =>
  addOpenMinutes(new Date(start), minutes, OFFICE, zone).toISOString();

describe('a time by business hours', () => {
  it.each([
    ['in the middle of the day', '2026-11-24T15:00:00Z', 15, '2026-11-24T15:15:00.000Z'],
    ['exactly at closing', '2026-11-24T21:45:00Z', 15, '2026-11-24T22:00:00.000Z'],
    ['over the night', '2026-11-24T21:50:00Z', 15, '2026-11-25T14:05:00.000Z'],
    ['before opening', '2026-11-24T08:00:00Z', 15, '2026-11-24T14:15:00.000Z'],
    ['over a holiday', '2026-11-25T21:50:00Z', 15, '2026-11-27T14:05:00.000Z'],
    ['over the weekend', '2026-11-27T21:50:00Z', 15, '2026-11-30T14:05:00.000Z'],
    ['over lunch, whatever the order of the spans', '2026-11-19T16:55:00Z', 15, '2026-11-19T18:10:00.000Z'],
    ['longer than a day', '2026-11-23T14:00:00Z', 9 * 60, '2026-11-24T15:00:00.000Z'],
  ])('%s', (_, start, minutes, expected) => {
    expect(after(start, minutes)).toBe(expected);
  });

  it('counts what the wall clock shows, also on the day the clocks change', () => {
    const night = businessHoursSchema.parse({ sun: ['01:00-04:00'] });
    // On 8 March 2026 the clocks of New York go from 02:00 to 03:00: the three hours are two.
    const start = new Date('2026-03-08T05:00:00Z');
    expect(addOpenMinutes(start, 60, night, NEW_YORK).toISOString()).toBe('2026-03-08T07:00:00.000Z');
    expect(addOpenMinutes(start, 119, night, NEW_YORK).toISOString()).toBe('2026-03-08T07:59:00.000Z');
  });

  it('falls back to the plain clock where it never opens', () => {
    const closed = businessHoursSchema.parse({});
    expect(addOpenMinutes(new Date('2026-11-24T15:00:00Z'), 15, closed, NEW_YORK).toISOString()).toBe(
      '2026-11-24T15:15:00.000Z',
    );
  });

  it('is always open when it ends, or closes at that very moment', () => {
    const zones = fc.constantFrom(NEW_YORK, 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC');
    const starts = fc.date({
      min: new Date('2020-01-01T00:00:00Z'),
      max: new Date('2035-01-01T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(zones, starts, fc.integer({ min: 1, max: 3_000 }), (zone, start, minutes) => {
        const end = addOpenMinutes(start, minutes, OFFICE, zone);
        expect(end.getTime() - start.getTime()).toBeGreaterThanOrEqual(minutes * 60_000);
        expect(isOpen(new Date(end.getTime() - 1), OFFICE, zone)).toBe(true);
      }),
    );
  });
});

describe('opening hours that make no sense', () => {
  it.each([{ mon: ['9-17'] }, { mon: ['17:00-09:00'] }, { mon: ['09:00-25:00'] }, { monday: [] }, { holidays: ['x'] }])(
    '%j',
    (hours) => {
      expect(businessHoursSchema.safeParse(hours).success).toBe(false);
    },
  );
});

describe('the wall clock of a zone', () => {
  it('reads and sets, also where the clocks skip a time or show it twice', () => {
    const clock = zoneClock(NEW_YORK);
    expect(clock.dateOf(new Date('2026-11-24T03:00:00Z'))).toBe('2026-11-23');
    expect(clock.minutesOf(new Date('2026-11-24T15:30:59Z'))).toBe(10 * 60 + 30);
    expect(clock.instantOf('2026-03-08', 150).toISOString()).toBe('2026-03-08T07:00:00.000Z');
    expect(clock.instantOf('2026-11-01', 90).toISOString()).toBe('2026-11-01T05:30:00.000Z');
    expect(clock.nextDate('2026-12-31')).toBe('2027-01-01');
    expect(() => zoneClock('Mars/Olympus')).toThrow(RangeError);
  });
});
