import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentPolicySchema, REDACTIONS } from '../../src/domain/content-policy.ts';
import { createRedactor } from '../../src/mapping/redact.ts';

describe('what is redacted', () => {
  it.each([
    ['card_number', 'Pay with 4242 4242 4242 4242 please', 'Pay with [card number] please'],
    ['card_number', 'amex 378282246310005.', 'amex [card number].'],
    ['card_number', 'dashes 5555-5555-5555-4444', 'dashes [card number]'],
    ['iban', 'to DE89 3704 0044 0532 0130 00 today', 'to [IBAN] today'],
    ['us_ssn', 'it is 219-09-9999', 'it is [social security number]'],
    ['email', 'write zoe.o+x@example.co.uk!', 'write [e-mail address]!'],
    ['phone_number', 'call (415) 555-1212 or +44 20 7946 0958', 'call [number] or [number]'],
  ] as const)('%s: %s', (rule, text, expected) => {
    expect(createRedactor([rule])(text)).toBe(expected);
  });

  it.each([
    ['card_number', 'order 4242 4242 4242 4241 shipped'],
    ['card_number', 'a run of digits 12345678901234567890123'],
    ['iban', 'code DE89 3704 0044 0532 0130 01'],
    ['us_ssn', 'part 000-12-3456 and 2190-09-9999'],
    ['phone_number', 'on 2026-11 we had 3 calls'],
  ] as const)('not %s: %s', (rule, text) => {
    expect(createRedactor([rule])(text)).toBe(text);
  });

  it('by a mask of one’s own, as a whole word', () => {
    const redact = createRedactor([{ mask: 'ACC-####-@@' }]);
    expect(redact('ACC-1234-ZÖ, xACC-1234-ZÖ, ACC-1234-ZÖE, ACC-12345-ZÖ')).toBe(
      '[redacted], xACC-1234-ZÖ, ACC-1234-ZÖE, ACC-12345-ZÖ',
    );
  });

  it('a mask must say enough, and nothing that is read as more than itself', () => {
    const isTaken = (mask: string) => contentPolicySchema.safeParse({ redact: [{ mask }] }).success;
    for (const mask of ['ACC-####', '@@ ## 99', 'Ö####']) expect(isTaken(mask)).toBe(true);
    for (const mask of ['###', 'ABCD', '.*####', '(####)+', '####\n', '']) expect(isTaken(mask)).toBe(false);
  });

  it('is total, does nothing twice, and is done soon with any text', () => {
    const redact = createRedactor([...REDACTIONS, { mask: '@@##' }]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 500 }), (text) => {
        const once = redact(text);
        expect(redact(once)).toBe(once);
      }),
    );
    for (const hostile of ['1 '.repeat(50_000), 'A'.repeat(100_000), 'a@'.repeat(50_000), `${'a.'.repeat(50_000)}@`]) {
      const startedAt = process.cpuUsage();
      redact(hostile);
      const { user, system } = process.cpuUsage(startedAt);
      expect((user + system) / 1_000).toBeLessThan(1_500);
    }
  });
});
