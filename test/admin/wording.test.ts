import { describe, expect, it } from '@jest/globals';
import { table } from '../../src/admin/table.ts';
import { counted, duration, quoted, relative } from '../../src/admin/wording.ts';

describe('words and figures', () => {
  it.each([
    [0, '0 ms'],
    [999, '999 ms'],
    [4_200, '4.2 s'],
    [60_000, '1 min'],
    [3 * 3_600_000, '3 h'],
    [49 * 3_600_000, '2 d'],
  ])('%d ms reads %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('an instant is told from now, in both directions', () => {
    const now = new Date('2026-03-02T09:00:00Z');
    expect(relative(new Date('2026-03-02T08:58:00Z'), now)).toBe('2 min ago');
    expect(relative(new Date('2026-03-02T12:00:00Z'), now)).toBe('in 3 h');
    expect(relative(now, now)).toBe('now');
  });

  it('a count takes its noun along', () => {
    expect([counted(0, 'call'), counted(1, 'call'), counted(1_204, 'call')]).toEqual([
      '0 calls',
      '1 call',
      '1,204 calls',
    ]);
  });

  it('text from outside loses what a terminal or a reader would stumble over', () => {
    expect(quoted('a\u001b[2J\u009b31m\nb\u202Ec')).toBe('"a [2J 31m b c"');
    expect(quoted('x'.repeat(80), 10)).toBe(`"${'x'.repeat(9)}…"`);
    expect(quoted('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 2)).toBe('"👩‍👩‍👧…"');
  });

  it('a table keeps its columns, whatever the colours', () => {
    const rows = [
      ['\u001b[32m✓ synced\u001b[39m', '1'],
      ['–', '1,204'],
    ];
    expect(table([{ title: 'state' }, { title: 'count', align: 'right' }], rows).split('\n')).toEqual([
      'state     count',
      '\u001b[32m✓ synced\u001b[39m      1',
      '–         1,204',
    ]);
  });
});
