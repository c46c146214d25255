import { z } from 'zod';
import { isTimeZone } from '../../domain/time-zone.ts';

const UNITS = ['milliseconds', 'seconds', 'minutes', 'hours', 'days'] as const;

const zone = z.string().refine(isZone, 'an IANA time zone such as America/New_York, or `tenant`');
const shortText = z.string().max(255);
const words = z.array(z.string().min(1).max(100)).min(1).max(20);

/**
 * What may be done to a value on its way, one step after the other. Every step says with `use` which one it is; each
 * takes and gives a certain type, so that a wrong order is found before anything is written.
 */
export const plainTransformSchemas = [
  /** Text without white space at its ends. */
  z.strictObject({ use: z.literal('trim') }),
  /** Text in lower case, upper case, or With Capitals. */
  z.strictObject({ use: z.literal('case'), to: z.enum(['lower', 'upper', 'capitals']) }),
  /** A code as words: `lead_high_intent` becomes `lead high intent`. */
  z.strictObject({ use: z.literal('words') }),
  /** The first sentence or line of a text. */
  z.strictObject({ use: z.literal('first_sentence') }),
  /** A phone number in one form; a number without a country code is one of `country`, else of the tenant's. */
  z.strictObject({
    use: z.literal('phone'),
    as: z.enum(['e164', 'national']).default('e164'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'an ISO 3166 country code such as US')
      .optional(),
  }),
  /** An e-mail address, trimmed and in lower case; one that is longer is no value, since half of one is none. */
  z.strictObject({ use: z.literal('email'), maxLength: z.int().min(6).max(254).default(254) }),
  /** A link; with `https` only such a link. */
  z.strictObject({ use: z.literal('url'), https: z.boolean().default(true) }),
  /** The day of an instant in a time zone, `2026-03-02`. */
  z.strictObject({ use: z.literal('date'), zone: zone.default('tenant') }),
  /**
   * An instant in another form: `utc` ISO 8601, `zoned` the same with the offset of the time zone, `readable`
   * `2026-03-02 10:00`, `epoch_ms` milliseconds since 1970.
   */
  z.strictObject({
    use: z.literal('date_time'),
    as: z.enum(['utc', 'zoned', 'readable', 'epoch_ms']).default('utc'),
    zone: zone.default('tenant'),
  }),
  /** An instant, so much later (or earlier, below zero). */
  z.strictObject({ use: z.literal('add_time'), amount: z.int().min(-100_000).max(100_000), unit: z.enum(UNITS) }),
  /** A number, rounded. */
  z.strictObject({ use: z.literal('number'), decimals: z.int().min(0).max(10).optional() }),
  /** Yes or no, by words. */
  z.strictObject({
    use: z.literal('boolean'),
    yes: words.default(['true', 'yes', '1']),
    no: words.default(['false', 'no', '0']),
  }),
  /** A length of time in another unit. */
  z.strictObject({
    use: z.literal('duration'),
    from: z.enum(UNITS).default('seconds'),
    to: z.enum(UNITS),
    decimals: z.int().min(0).max(6).default(0),
  }),
  /** One value for another. Without `otherwise` a value that is not listed is no value. */
  z.strictObject({
    use: z.literal('value_map'),
    values: z.record(z.string().min(1).max(255), shortText),
    otherwise: shortText.optional(),
    /** Whether a value that is not listed is remarked on. */
    warn: z.boolean().default(true),
  }),
  /** A text cut into a list; parts that are empty are left out. */
  z.strictObject({ use: z.literal('split'), by: z.string().min(1).max(20) }),
  /** A list as one text. */
  z.strictObject({ use: z.literal('join'), with: z.string().max(20).default(', ') }),
  /** One entry of a list: 1 is the first, -1 the last. */
  z.strictObject({ use: z.literal('pick'), position: z.int().min(-1_000).max(1_000) }),
  /** What stands in when there is no value. */
  z.strictObject({ use: z.literal('default'), value: shortText }),
  /** At most so many characters, cut between characters, with a mark where it was cut. */
  z.strictObject({
    use: z.literal('truncate'),
    max: z.int().min(1).max(131_072),
    marker: z.string().max(50).default('…'),
  }),
  /** HTML as the text a person sees. */
  z.strictObject({ use: z.literal('plain_text') }),
  /** Text as HTML that holds no markup but line breaks and, with `paragraph`, the paragraph around it. */
  z.strictObject({ use: z.literal('html'), paragraph: z.boolean().default(true) }),
] as const;

/** The transforms that need nothing but the value, as they may also stand in a template. */
export const plainTransformSchema = z.discriminatedUnion('use', plainTransformSchemas);
/** A transform that needs nothing but the value. */
export type PlainTransform = z.output<typeof plainTransformSchema>;
/** A unit of time. */
export type Unit = (typeof UNITS)[number];

function isZone(text: string): boolean {
  return text === 'tenant' || isTimeZone(text);
}
