/**
 * Country calling codes (ITU E.164). No code is the beginning of another one, so the first that fits is the one.
 * Own table on purpose: the sandbox must not agree with a client's phone library because it uses the same one.
 */
const callingCodes = new Set(
  (
    '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 ' +
    '90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 235 236 237 ' +
    '238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 265 266 ' +
    '267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 380 ' +
    '381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 597 ' +
    '598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 852 853 ' +
    '855 856 870 878 880 881 882 883 886 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 ' +
    '992 993 994 995 996 998'
  ).split(' '),
);

export interface CalculatedPhone {
  /** Area code and local number, digits only, no country code: what searches compare with. '' when there is no digit. */
  readonly searchable: string;
  readonly countryCode: string;
  /** E.164, or '' when the stored text does not say which country it is. */
  readonly international: string;
}

/**
 * What HubSpot derives from a free-text phone number (search guide: "only uses the area code and local number").
 * Numbers without a country code are taken as North American, and garbage gives garbage: "00004" becomes "4" (reported).
 */
export function calculatePhone(text: string): CalculatedPhone {
  const withoutExtension = text.replace(/\s*(ext\.?|x|#)\s*\d+\s*$/i, '');
  const digits = withoutExtension.replace(/\D/g, '');
  if (/^\s*\(?\+/.test(withoutExtension)) return splitCountry(digits);
  if (digits.length === 10 && !digits.startsWith('0')) return northAmerican(digits);
  if (digits.length === 11 && digits.startsWith('1')) return northAmerican(digits.slice(1));
  if (digits.startsWith('00') && digits.length > 10) return splitCountry(digits.slice(2));
  return { searchable: withoutTrunkZeros(digits), countryCode: '', international: '' };
}

function splitCountry(digits: string): CalculatedPhone {
  const countryCode = [1, 2, 3].map((length) => digits.slice(0, length)).find((code) => callingCodes.has(code));
  if (countryCode === undefined) return { searchable: withoutTrunkZeros(digits), countryCode: '', international: '' };
  const national = withoutTrunkZeros(digits.slice(countryCode.length));
  const plausible = national.length >= 4 && countryCode.length + national.length <= 15;
  return { searchable: national, countryCode, international: plausible ? `+${countryCode}${national}` : '' };
}

function northAmerican(national: string): CalculatedPhone {
  return { searchable: national, countryCode: '1', international: `+1${national}` };
}

function withoutTrunkZeros(digits: string): string {
  return digits.replace(/^0+/, '');
}
