import type { Redaction, RedactionRule } from '../domain/content-policy.ts';

interface Finder {
  readonly pattern: RegExp;
  /** Whether what the pattern found is really of the kind. */
  readonly isReal: (found: string) => boolean;
  readonly label: string;
}

/** Each pattern reads a text once, from left to right: no part of any can match in two ways. */
const FINDERS: Readonly<Record<Redaction, Finder>> = {
  card_number: { pattern: /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g, isReal: isCardNumber, label: 'card number' },
  iban: { pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){11,30}\b/g, isReal: isIban, label: 'IBAN' },
  us_ssn: { pattern: /(?<!\d)\d{3}[- ]\d{2}[- ]\d{4}(?!\d)/g, isReal: isSsn, label: 'social security number' },
  email: { pattern: /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, isReal: () => true, label: 'e-mail address' },
  phone_number: { pattern: /(?<![\w+])\+?\(?\d(?:[ ()./-]{0,3}\d){6,14}(?!\w)/g, isReal: () => true, label: 'number' },
};

/** A redactor for a set of rules; made once, used for every text. Pure and total. */
export function createRedactor(rules: readonly RedactionRule[]): (text: string) => string {
  const finders = rules.map((rule) => (typeof rule === 'string' ? FINDERS[rule] : maskFinder(rule.mask)));
  return (text) =>
    finders.reduce(
      (rest, { pattern, isReal, label }) => rest.replace(pattern, (found) => (isReal(found) ? `[${label}]` : found)),
      text,
    );
}

function maskFinder(mask: string): Finder {
  const body = Array.from(mask, (character) => {
    if (character === '#') return '\\d';
    if (character === '@') return '\\p{L}';
    return character === '.' ? '\\.' : character;
  }).join('');
  return {
    pattern: new RegExp(`(?<![\\p{L}\\p{N}])${body}(?![\\p{L}\\p{N}])`, 'gu'),
    isReal: () => true,
    label: 'redacted',
  };
}

/** The check digit of ISO/IEC 7812 tells a card from any other long number. */
function isCardNumber(found: string): boolean {
  const digits = found.replace(/\D/g, '');
  const sum = Array.from(digits)
    .reverse()
    .map(Number)
    .map((digit, place) => (place % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2))
    .reduce((total, digit) => total + digit, 0);
  return sum % 10 === 0 && !/^0+$/.test(digits);
}

/** ISO 13616: the first four characters go to the end, letters count from 10, and the whole leaves 1 by 97. */
function isIban(found: string): boolean {
  const compact = found.replaceAll(' ', '');
  const turned = compact.slice(4) + compact.slice(0, 4);
  const remainder = Array.from(turned).reduce((rest, character) => {
    const value = parseInt(character, 36);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);
  return remainder === 1;
}

/** Areas 000, 666 and 900 up, group 00 and serial 0000 are never given out (US Social Security Administration). */
function isSsn(found: string): boolean {
  const [area = '', group = '', serial = ''] = found.split(/[- ]/);
  return area !== '000' && area !== '666' && Number(area) < 900 && group !== '00' && serial !== '0000';
}
