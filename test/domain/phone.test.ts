import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { identifyCaller } from '../../src/domain/caller.ts';
import { isSameNumber, parseNumber, type E164 } from '../../src/domain/phone.ts';

const e164 = (raw: string, country = 'US') => {
  const parsed = parseNumber(raw, country);
  return parsed.kind === 'number' ? parsed.e164 : parsed.kind;
};

describe('numbers as people and switchboards write them', () => {
  it.each([
    ['+15551234567', 'US', '+15551234567'],
    ['(555) 123-4567', 'US', '+15551234567'],
    ['555.123.4567', 'US', '+15551234567'],
    ['1 555 123 4567', 'US', '+15551234567'],
    ['0044 20 7946 0018', 'US', '+442079460018'],
    ['+44 (0)20 7946 0018', 'US', '+442079460018'],
    ['020 7946 0018', 'GB', '+442079460018'],
    ['0049 30 901820', 'US', '+4930901820'],
    ['+33 1 70 18 99 00', 'US', '+33170189900'],
    ['+55 (11) 91234-5678', 'US', '+5511912345678'],
    ['tel:+1-555-123-4567', 'US', '+15551234567'],
    ['+1 555 123 4567 ext. 89', 'US', '+15551234567'],
  ])('%s in %s is %s', (raw, country, expected) => {
    expect(e164(raw, country)).toBe(expected);
  });

  it.each([
    'anonymous',
    'Anonymous',
    'RESTRICTED',
    'No Caller ID',
    'unknown',
    'Private Number',
    'withheld',
    '266696687',
  ])('%s is a withheld number, never a person', (raw) => expect(e164(raw)).toBe('withheld'));

  it.each([undefined, null, '', '   '])('%p is no number', (raw) => {
    expect(parseNumber(raw, 'US').kind).toBe('absent');
  });

  it.each(['0', '00004', '12', 'call me', '+', '+999999999999999999999'])('%s is not usable', (raw) => {
    expect(e164(raw)).toBe('unusable');
  });

  it('never throws, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (raw, country) => {
        expect(['number', 'withheld', 'unusable', 'absent']).toContain(parseNumber(raw, country).kind);
      }),
      { numRuns: 500 },
    );
  });

  it('two countries with one national number are two numbers', () => {
    const wanted = '+15551234567' as E164; // a literal of the form
    expect(isSameNumber('(555) 123-4567', wanted, 'US')).toBe(true);
    expect(isSameNumber('+52 555 123 4567', wanted, 'US')).toBe(false);
    expect(isSameNumber('4567', wanted, 'US')).toBe(false);
  });
});

describe('who is calling', () => {
  const caller = (parts: { number?: string; email?: string; name?: string }) => identifyCaller({ caller: parts }, 'US');

  it('the number is the first key, the e-mail address the second, the name never', () => {
    expect(caller({ number: '555 123 4567', email: 'Zoe@Example.com' })).toMatchObject({ key: 'tel:+15551234567' });
    expect(caller({ number: 'anonymous', email: ' Zoe@Example.com ' })).toMatchObject({
      key: 'mailto:zoe@example.com',
    });
    expect(caller({ name: 'Zoë' })).toEqual({ kind: 'unidentified' });
    expect(caller({ number: 'anonymous', name: 'Zoë' })).toEqual({ kind: 'withheld' });
  });

  it('one number in any spelling is one person', () => {
    const spellings = ['+15551234567', '(555) 123-4567', '001 555 123 4567', '555-123-4567'];
    expect(new Set(spellings.map((number) => JSON.stringify(caller({ number }))))).toHaveProperty('size', 1);
  });
});
