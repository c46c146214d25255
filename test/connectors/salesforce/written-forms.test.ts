import { describe, expect, it } from '@jest/globals';
import { writtenForms } from '../../../connectors/salesforce/written-forms.ts';
import { parseNumber } from '../../../src/domain/phone.ts';

describe('the forms of a number that are looked for', () => {
  it.each([
    '+14155551212',
    '14155551212',
    '4155551212',
    '(415) 555-1212',
    '(415)555-1212',
    '415-555-1212',
    '415.555.1212',
    '415 555 1212',
    '1-415-555-1212',
    '+1 415 555 1212',
    '+1 415-555-1212',
    '+1-415-555-1212',
    '+1 (415) 555-1212',
    '1 (415) 555-1212',
  ])('hold what is typed for a North American number: %s', (typed) => {
    expect(formsOf('+14155551212')).toContain(typed);
  });

  it.each([
    '+442079460018',
    '442079460018',
    '00442079460018',
    '2079460018',
    '02079460018',
    '020 7946 0018',
    '+44 20 7946 0018',
  ])('hold what is typed elsewhere, with the trunk prefix: %s', (typed) => {
    expect(formsOf('+442079460018')).toContain(typed);
  });

  it.each(['+14155551212', '+442079460018', '+493012345678', '+33142685300'])(
    'of %s all mean that number, and each stands once',
    (e164) => {
      const country = { '+1': 'US', '+4': e164.startsWith('+44') ? 'GB' : 'DE', '+3': 'FR' }[e164.slice(0, 2)] ?? 'US';
      const forms = formsOf(e164);
      expect(new Set(forms).size).toBe(forms.length);
      for (const form of forms) expect(parseNumber(form, country)).toMatchObject({ kind: 'number', e164 });
    },
  );
});

function formsOf(e164: string): readonly string[] {
  const parsed = parseNumber(e164, 'US');
  if (parsed.kind !== 'number') throw new Error('The test needs a number.');
  return writtenForms(parsed);
}
