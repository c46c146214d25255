import type { Conversation } from './conversation.ts';
import { parseNumber, type E164 } from './phone.ts';

/**
 * What identifies a person across conversations, and the value of the unique person key in the CRM:
 * `tel:+15551234567` or `mailto:zoe@example.com`.
 */
export type PersonKey = string & { readonly __brand: 'PersonKey' };

/** The caller as far as he can be recognised. Names are never a key: two people share one, one person writes it two ways. */
export type Caller =
  | {
      readonly kind: 'identified';
      readonly key: PersonKey;
      readonly phone: { readonly e164: E164; readonly national: string } | undefined;
      readonly email: string | undefined;
      readonly name: string | undefined;
    }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'unidentified' };

/** The phone number is the first key, the e-mail address the second. A withheld number with an e-mail address is identified. */
export function identifyCaller(conversation: Pick<Conversation, 'caller'>, defaultCountry: string): Caller {
  const number = parseNumber(conversation.caller.number, defaultCountry);
  const email = normaliseEmail(conversation.caller.email);
  const name = conversation.caller.name?.trim();
  const named = name === undefined || name === '' ? undefined : name;
  if (number.kind === 'number') {
    const phone = { e164: number.e164, national: number.national };
    return { kind: 'identified', key: phoneKey(number.e164), phone, email, name: named };
  }
  if (email !== undefined) {
    return { kind: 'identified', key: emailKey(email), phone: undefined, email, name: named };
  }
  return number.kind === 'withheld' ? { kind: 'withheld' } : { kind: 'unidentified' };
}

/** The person key of a phone number. */
export function phoneKey(e164: E164): PersonKey {
  // The only two places that make a person key are these two functions.
  return `tel:${e164}` as PersonKey;
}

/** The person key of a normalised e-mail address. */
export function emailKey(email: string): PersonKey {
  return `mailto:${email}` as PersonKey;
}

/** Lower case and trimmed; undefined for what is no address. CRMs compare addresses without case. */
export function normaliseEmail(raw: string | null | undefined): string | undefined {
  const email = raw?.trim().toLowerCase();
  return email !== undefined && email.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/.test(email)
    ? email
    : undefined;
}
