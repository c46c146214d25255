const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** An id of 18 characters: prefix, instance, counter in base 62 and the three characters that make it case-safe. */
export function makeRecordId(keyPrefix: string, number: number): string {
  const counter = base62(number).padStart(9, '0');
  return withChecksum(`${keyPrefix}4S0${counter}`);
}

/** The 18-character form of an id of 15 or 18 characters; null for anything else. */
export function canonicalId(text: string): string | null {
  if (!/^[0-9A-Za-z]+$/.test(text)) return null;
  if (text.length === 15) return withChecksum(text);
  if (text.length !== 18) return null;
  const whole = withChecksum(text.slice(0, 15));
  return whole.slice(15) === text.slice(15).toUpperCase() ? whole : null;
}

/** Each group of five characters gives one more, which says which of the five are capitals. */
function withChecksum(fifteen: string): string {
  const checks = [0, 5, 10].map((start) => {
    let bits = 0;
    for (let at = 0; at < 5; at++) {
      if (/[A-Z]/.test(fifteen.charAt(start + at))) bits += 2 ** at;
    }
    return alphabet.charAt(bits);
  });
  return fifteen + checks.join('');
}

function base62(number: number): string {
  let rest = number;
  let result = '';
  do {
    result = digits.charAt(rest % 62) + result;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return result;
}
