import { createRandom, type NonEmpty, type Random } from './random.ts';

/** A telephone number, before somebody types it. */
interface PhoneNumber {
  readonly countryCode: string;
  readonly national: string;
}

/** The person at the other end. `phone` is as that system or person typed it; `null` and words mean withheld. */
export interface Caller {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

/** Digits of a fixed length. */
function digits(random: Random, length: number): string {
  return String(random.int(0, 10 ** length - 1)).padStart(length, '0');
}

const AREA_CODES: NonEmpty<string> = [
  '212',
  '305',
  '312',
  '404',
  '415',
  '503',
  '512',
  '602',
  '617',
  '702',
  '713',
  '818',
];

/** Number ranges kept free for fiction where the country has one (555 in the US, Ofcom's and ARCEP's drama numbers). */
const COUNTRIES: NonEmpty<readonly [(random: Random) => PhoneNumber, number]> = [
  [(random) => ({ countryCode: '1', national: `${random.pick(AREA_CODES)}555${digits(random, 4)}` }), 60],
  [(random) => ({ countryCode: '44', national: `1614960${digits(random, 3)}` }), 8],
  [(random) => ({ countryCode: '44', national: `2079460${digits(random, 3)}` }), 4],
  [(random) => ({ countryCode: '49', national: `3023125${digits(random, 3)}` }), 7],
  [(random) => ({ countryCode: '33', national: `19900${digits(random, 4)}` }), 7],
  [(random) => ({ countryCode: '55', national: `119${random.int(6, 9)}${digits(random, 7)}` }), 6],
  [(random) => ({ countryCode: '61', national: `49157${digits(random, 4)}` }), 3],
  [(random) => ({ countryCode: '91', national: `98${digits(random, 8)}` }), 3],
  [(random) => ({ countryCode: '48', national: `51${digits(random, 7)}` }), 2],
];

const chunks = (text: string, separator: string): string => (text.match(/.{1,3}/g) ?? [text]).join(separator);

/** How the same number is written by different systems and people. */
const TYPING_STYLES: NonEmpty<readonly [(phone: PhoneNumber, random: Random) => string, number]> = [
  [({ countryCode, national }) => `+${countryCode}${national}`, 62],
  [({ countryCode, national }) => `+${countryCode} ${chunks(national, ' ')}`, 8],
  [({ countryCode, national }) => `+${countryCode}.${chunks(national, '.')}`, 5],
  [({ countryCode, national }) => `+${countryCode} (${national.slice(0, 3)}) ${chunks(national.slice(3), '-')}`, 9],
  [({ countryCode, national }) => `00${countryCode} ${chunks(national, ' ')}`, 5],
  [({ countryCode, national }, random) => `+${countryCode} ${national} ext. ${random.int(1, 999)}`, 4],
  [({ countryCode, national }) => `tel:+${countryCode}${national}`, 2],
  [typeNationally, 5],
];

/** Only Americans get away with leaving out their country code. */
function typeNationally({ countryCode, national }: PhoneNumber): string {
  return countryCode === '1'
    ? `(${national.slice(0, 3)}) ${national.slice(3, 6)}-${national.slice(6)}`
    : `+${countryCode}-${national}`;
}

const NAMES: NonEmpty<string> = [
  'Maria Gonzalez',
  "Sean O'Brien",
  'Zoë Müller',
  'Łukasz Wójcik',
  '李雷',
  'Ana Beatriz da Silva',
  'Jean-Luc Lefèvre',
  'Priya Raman',
  'DeShawn Carter',
  'Sunny 🌞 Park',
  'محمد علي',
  'van der Berg, Pieter',
  'Chloe',
  'Björk Guðmundsdóttir',
  'José María "Pepe" Ortiz',
  'EMMA WATKINS',
  'nguyễn thị hoa',
  'Robert Miller Jr.',
  'Anne & Tom <Hill>',
  'Kenji Tanaka',
];

const WITHHELD: NonEmpty<string> = ['anonymous', 'Restricted', 'Unknown', ''];

function emailOf(name: string, random: Random): string {
  const letters = name.normalize('NFD').replace(/[^A-Za-z]+/g, '.');
  const local = letters.replace(/^\.+|\.+$/g, '').toLowerCase();
  const domain = random.pick(['example.com', 'example.org', 'mail.example.net']);
  return `${local === '' ? 'caller' : local}${random.int(1, 9999)}@${domain}`;
}

/** A person with a number of their own; `phone` is typed anew at each call of `typed`. */
interface Person {
  readonly name: string;
  readonly email: string;
  readonly phone: PhoneNumber;
}

function createPerson(key: string): Person {
  const random = createRandom(key);
  const name = random.pick(NAMES);
  return { name, email: emailOf(name, random), phone: random.weighted(COUNTRIES)(random) };
}

/** How many people of one seed call again and again. */
const REGULAR_CALLERS = 12;

/**
 * The caller of one conversation: withheld (6 %), a regular (30 %) or somebody new. Visitors of a chat seldom leave a number.
 * A regular's number is the same each time, though seldom typed the same way.
 */
export function callerOf(seedKey: string, index: number, isChat: boolean, random: Random): Caller {
  const withheld = random.chance(0.06);
  const regular = random.chance(0.3);
  const slot = random.int(1, REGULAR_CALLERS);
  const person = createPerson(regular ? `${seedKey}:regular:${slot}` : `${seedKey}:caller:${index}`);
  const typed = random.weighted(TYPING_STYLES)(person.phone, random);
  const name = random.chance(0.55) ? person.name : null;
  const email = random.chance(isChat ? 0.7 : 0.25) ? person.email : null;
  const numberless = isChat && random.chance(0.6);
  const hidden = random.chance(0.25) ? null : random.pick(WITHHELD);
  if (numberless) return { name, email, phone: null };
  return { name, email, phone: withheld ? hidden : typed };
}
