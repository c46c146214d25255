import { parsePhoneNumberFromString } from 'libphonenumber-js';
import type { Caller } from '../domain/caller.ts';
import type { E164 } from '../domain/phone.ts';

/** Digits at the end that stay: enough to tell two calls apart, too few to call anybody. */
const SHOWN_DIGITS = 4;

/** A number that may be shown to people without a sign-in: `+1 555 ***4567`. */
export function maskedNumber(number: E164): string {
  const parsed = parsePhoneNumberFromString(number);
  const country = parsed === undefined ? '' : `+${parsed.countryCallingCode} `;
  const national = parsed?.nationalNumber ?? number.slice(1);
  // The area code stays only where enough of the number is hidden behind it.
  const area = national.length >= 10 ? `${national.slice(0, 3)} ` : '';
  return `${country}${area}***${national.slice(-SHOWN_DIGITS)}`;
}

/** The number of a caller; undefined where none is known. */
export function maskedNumberOf(caller: Caller | undefined): string | undefined {
  return caller?.kind === 'identified' && caller.phone !== undefined ? maskedNumber(caller.phone.e164) : undefined;
}
