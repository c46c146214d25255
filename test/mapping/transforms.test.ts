import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TRANSFORM_NAMES } from '../../src/mapping/document/schema.ts';
import { plainTransformSchema, type PlainTransform } from '../../src/mapping/document/transform-schema.ts';
import { presentValue, type Value } from '../../src/mapping/source/value.ts';
import { plainText } from '../../src/mapping/transforms/plain-text.ts';
import { ruleOf } from '../../src/mapping/transforms/rules.ts';
import { written, type RowInput } from './compiled-rows.ts';
import { sourceOf } from './generated-sources.ts';

type Transforms = NonNullable<RowInput['transforms']>;

/** From a raw value through transforms to what is written. */
const CASES: readonly (readonly [unknown, Transforms, string | undefined])[] = [
  ['  a b ', [{ use: 'trim' }], 'a b'],
  ['MARY-JANE o', [{ use: 'case', to: 'capitals' }], 'Mary-Jane O'],
  ['Straße', [{ use: 'case', to: 'upper' }], 'STRASSE'],
  ['ABC', [{ use: 'case', to: 'lower' }], 'abc'],
  ['lead_high_intent', [{ use: 'words' }], 'lead high intent'],
  ['One. Two.', [{ use: 'first_sentence' }], 'One.'],
  ['(415) 555-2671', [{ use: 'phone' }], '+14155552671'],
  ['030 901820', [{ use: 'phone', country: 'DE' }], '+4930901820'],
  ['+14155552671', [{ use: 'phone', as: 'national' }], '4155552671'],
  ['anonymous', [{ use: 'phone' }], undefined],
  [' Zoe@Example.COM ', [{ use: 'email' }], 'zoe@example.com'],
  ['zoe at example', [{ use: 'email' }], undefined],
  ['zoe@example.com', [{ use: 'email', maxLength: 14 }], undefined],
  ['https://a.example/x', [{ use: 'url' }], 'https://a.example/x'],
  ['http://a.example/x', [{ use: 'url' }], undefined],
  ['http://a.example/x', [{ use: 'url', https: false }], 'http://a.example/x'],
  ['javascript:alert(1)', [{ use: 'url', https: false }], undefined],
  ['2026-03-02T22:30:00Z', [{ use: 'date', zone: 'UTC' }], '2026-03-02'],
  ['2026-03-02T22:30:00Z', [{ use: 'date', zone: 'Europe/Berlin' }], '2026-03-02'],
  ['2026-03-02T23:30:00Z', [{ use: 'date', zone: 'Europe/Berlin' }], '2026-03-03'],
  ['2026-03-02', [{ use: 'date', zone: 'UTC' }], '2026-03-02'],
  ['2026-03-02T22:30:00+02:00', [{ use: 'date_time' }], '2026-03-02T20:30:00.000Z'],
  ['2026-07-02T22:30:00Z', [{ use: 'date_time', as: 'zoned', zone: 'America/New_York' }], '2026-07-02T18:30:00-04:00'],
  ['2026-01-02T22:30:00Z', [{ use: 'date_time', as: 'zoned', zone: 'Asia/Kolkata' }], '2026-01-03T04:00:00+05:30'],
  ['2026-03-02T22:30:00Z', [{ use: 'date_time', as: 'readable', zone: 'Asia/Tokyo' }], '2026-03-03 07:30'],
  ['2026-03-02T22:30:00Z', [{ use: 'date_time', as: 'epoch_ms' }], String(Date.UTC(2026, 2, 2, 22, 30))],
  ['2026-03-02T22:30:00', [{ use: 'date_time' }], '2026-03-02T22:30:00.000Z'],
  ['yesterday', [{ use: 'date_time' }], undefined],
  ['2026-02-31T00:00:00Z', [{ use: 'date_time' }], undefined],
  ['2026-03-02T22:30:00Z', [{ use: 'add_time', amount: -1, unit: 'days' }], '2026-03-01T22:30:00.000Z'],
  ['12.345', [{ use: 'number', decimals: 2 }], '12.35'],
  [' ', [{ use: 'number' }], undefined],
  ['twelve', [{ use: 'number' }], undefined],
  [0, [{ use: 'number' }], '0'],
  [165, [{ use: 'number' }, { use: 'duration', to: 'milliseconds' }], '165000'],
  [165, [{ use: 'number' }, { use: 'duration', to: 'minutes', decimals: 1 }], '2.8'],
  ['YES', [{ use: 'boolean' }], 'true'],
  ['nein', [{ use: 'boolean', yes: ['ja'], no: ['nein'] }], 'false'],
  ['maybe', [{ use: 'boolean' }], undefined],
  [false, [{ use: 'boolean' }], 'false'],
  ['missed', [{ use: 'value_map', values: { missed: 'No answer' } }], 'No answer'],
  ['gone', [{ use: 'value_map', values: { missed: 'No answer' }, otherwise: 'Other' }], 'Other'],
  ['gone', [{ use: 'value_map', values: { missed: 'No answer' } }], undefined],
  ['constructor', [{ use: 'value_map', values: { a: 'b' }, otherwise: 'c' }], 'c'],
  [7, [{ use: 'value_map', values: { '7': 'seven' } }], 'seven'],
  ['a, b,,c', [{ use: 'split', by: ',' }], 'a;b;c'],
  ['a, b,,c', [{ use: 'split', by: ',' }, { use: 'join' }], 'a, b, c'],
  [
    'a, b,,c',
    [
      { use: 'split', by: ',' },
      { use: 'pick', position: -1 },
    ],
    'c',
  ],
  [
    'a, b,,c',
    [
      { use: 'split', by: ',' },
      { use: 'pick', position: 9 },
    ],
    undefined,
  ],
  [['x', 'y'], [{ use: 'join', with: '/' }], 'x/y'],
  [
    undefined,
    [
      { use: 'default', value: 'none' },
      { use: 'case', to: 'upper' },
    ],
    'NONE',
  ],
  [
    undefined,
    [{ use: 'coalesce', of: [{ path: 'conversation.intent' }, { path: 'conversation.status' }] }],
    'completed',
  ],
  ['abcdef', [{ use: 'truncate', max: 4 }], 'abc…'],
  ['abcdef', [{ use: 'truncate', max: 4, marker: '' }], 'abcd'],
  ['a😀b', [{ use: 'truncate', max: 2, marker: '' }], 'a'],
  ['<p>Hi &amp; <b>bye</b></p><script>x()</script>', [{ use: 'plain_text' }], 'Hi & bye'],
  ['<i>\nA</i>', [{ use: 'html' }], '<p>&lt;i&gt;<br>A&lt;/i&gt;</p>'],
  ['A & B', [{ use: 'html', paragraph: false }], 'A &amp; B'],
  [{ a: 1 }, [{ use: 'trim' }], undefined],
];

describe('a transform', () => {
  it.each(CASES)('of %p by %j is %p', (value, transforms, expected) => {
    const source = sourceOf({ raw: value === undefined ? {} : { value } });
    expect(written({ from: { path: 'raw.value' }, transforms }, source).value).toBe(expected);
  });

  it('has a case here, each of them', () => {
    const covered = new Set(CASES.flatMap(([, transforms]) => transforms.map(({ use }) => use)));
    expect(TRANSFORM_NAMES.filter((name) => !covered.has(name as Transforms[number]['use']))).toEqual([]);
  });

  it("takes the tenant's zone and country where the row names none", () => {
    const context = { timezone: 'Asia/Tokyo', defaultCountry: 'DE' };
    const source = sourceOf({ raw: { value: '030 901820' } }, {}, { context });
    expect(written({ from: { path: 'raw.value' }, transforms: [{ use: 'phone' }] }, source).value).toBe('+4930901820');
    expect(written({ from: { path: 'computed.occurredAt' }, transforms: [{ use: 'date' }] }, source).value).toBe(
      '2026-03-03',
    );
  });

  it.each([
    [[{ use: 'phone' }], 'a_field: no phone number'],
    [[{ use: 'email' }], 'a_field: no e-mail address, or one that is too long'],
    [[{ use: 'date_time' }], 'a_field: no date and time in ISO 8601'],
    [[{ use: 'number' }], 'a_field: no number'],
    [[{ use: 'boolean' }], 'a_field: neither yes nor no'],
    [[{ use: 'value_map', values: { a: 'b' } }], 'a_field: a value is not in the value map; nothing was written'],
  ] as const)('%j remarks on what it cannot use, without repeating it', (transforms, remark) => {
    const source = sourceOf({ raw: { value: 'private words of a caller' } });
    const { value, remarks } = written({ from: { path: 'raw.value' }, transforms: [...transforms] }, source);
    expect([value, remarks]).toEqual([undefined, [remark]]);
  });
});

const anyValue: fc.Arbitrary<Value> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
  fc.double(),
  fc.boolean(),
  fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
);

const anyTransform: fc.Arbitrary<PlainTransform> = fc.constantFrom(
  ...CASES.flatMap(([, transforms]) => transforms.filter((transform) => transform.use !== 'coalesce')).map(
    (transform) => plainTransformSchema.parse(transform),
  ),
);

describe('transforms', () => {
  it('never throw, whatever comes, and keep to the length they promise', () => {
    fc.assert(
      fc.property(anyTransform, anyValue, (transform, value) => {
        const rule = ruleOf(transform);
        const remarks: string[] = [];
        const result = presentValue(rule.step(value, { source: sourceOf(), warn: (remark) => remarks.push(remark) }));
        if (typeof value !== 'string' || result === undefined) return;
        const before = { type: 'text' as const, maxLength: value.length, values: undefined, always: true };
        const { maxLength } = rule.gives(before);
        if (maxLength !== undefined && typeof result === 'string') expect(result.length).toBeLessThanOrEqual(maxLength);
      }),
      { numRuns: 5_000 },
    );
  });

  it('HTML holds no markup of the text it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        const html = written(
          { from: { path: 'raw.value' }, transforms: [{ use: 'html' }] },
          sourceOf({ raw: { value: text } }),
        ).value;
        expect((html ?? '').replace(/^<p>|<\/p>$|<br>/g, '')).not.toMatch(/[<>"']/);
      }),
    );
  });

  it('plain text of HTML of any length takes time in proportion to it', () => {
    const hostile = ['<', '<a', '<script>', '</', '&#', '<!--', '<style><'].map((piece) => piece.repeat(200_000));
    for (const html of hostile) {
      const before = process.threadCpuUsage();
      plainText(html);
      expect(process.threadCpuUsage(before).user / 1_000).toBeLessThan(2_000);
    }
  });

  it.each([
    ['a < b and b > c', 'a < b and b > c'],
    ['<div>one</div><div>two</div>', 'one\n\ntwo'],
    ['unclosed <b', 'unclosed'],
    ['&lt;b&gt; &#65; &#x1F600; &unknown;', '<b> A 😀 &unknown;'],
    ['&#0;&#1114112;x', 'x'],
  ])('what is seen of %p is %p', (html, text) => {
    expect(plainText(html)).toBe(text);
  });
});
