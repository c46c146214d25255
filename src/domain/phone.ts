import { parsePhoneNumberFromString, type CountryCode, isSupportedCountry } from 'libphonenumber-js';

/** A number in E.164 form, e.g. `+15551234567`. */
export type E164 = string & { readonly __brand: 'E164' };

/** What a number field turned out to be. Only `number` may identify a person. */
export type ParsedNumber =
  | { readonly kind: 'number'; readonly e164: E164; readonly national: string; readonly country: string | undefined }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'unusable' }
  | { readonly kind: 'absent' };

/** Words carriers and switchboards send instead of a number, lower case, letters only. */
const WITHHELD_WORDS: ReadonlySet<string> = new Set([
  'anonymous',
  'blocked',
  'callerunknown',
  'hidden',
  'nocallerid',
  'notavailable',
  'outofarea',
  'private',
  'privatenumber',
  'restricted',
  'unavailable',
  'unknown',
  'unknowncaller',
  'withheld',
]);

/** The digits of ANONYMOUS, RESTRICTED, UNAVAILABLE and of the British 08979 convention, sent by some carriers as a number. */
const WITHHELD_DIGITS: ReadonlySet<string> = new Set(['266696687', '7378742833', '86282452253', '08979']);

/**
 * Reads a number as people and switchboards write it.
 *
 * A number counts when it is *possible* in its country (length, prefix). Validity proper is not asked for:
 * it depends on numbering tables that lag behind the carriers, and would refuse fictional test numbers.
 *
 * @param defaultCountry ISO 3166 alpha-2, used for numbers without a country code.
 */
export function parseNumber(raw: string | null | undefined, defaultCountry: string): ParsedNumber {
  const text = raw?.trim() ?? '';
  if (text === '') return { kind: 'absent' };
  if (isWithheld(text)) return { kind: 'withheld' };
  const country = toCountry(defaultCountry);
  const parsed =
    parsePhoneNumberFromString(withPlus(text), country) ?? parsePhoneNumberFromString(`+${digitsOf(text)}`, country);
  if (!parsed?.isPossible()) return { kind: 'unusable' };
  return {
    kind: 'number',
    e164: toE164(parsed.number),
    national: parsed.nationalNumber,
    country: parsed.country,
  };
}

/** True when both texts are the same number; free text that is no number never matches. */
export function isSameNumber(stored: string | null | undefined, wanted: E164, defaultCountry: string): boolean {
  const parsed = parseNumber(stored, defaultCountry);
  return parsed.kind === 'number' && parsed.e164 === wanted;
}

/** The brand only says where the text came from: the library's own E.164 form. */
function toE164(text: string): E164 {
  return text as E164;
}

function isWithheld(text: string): boolean {
  const letters = text.toLowerCase().replace(/[^a-z]/g, '');
  return WITHHELD_WORDS.has(letters) || WITHHELD_DIGITS.has(digitsOf(text));
}

/** `00` is the international prefix nearly everywhere outside North America, where no number starts with it. */
function withPlus(text: string): string {
  return text.startsWith('00') ? `+${text.slice(2)}` : text;
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

function toCountry(value: string): CountryCode {
  const upper = value.toUpperCase();
  return isSupportedCountry(upper) ? upper : 'US';
}
