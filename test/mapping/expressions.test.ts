import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openReport } from '../../src/mapping/document/problem.ts';
import type { Evaluated } from '../../src/mapping/expressions/evaluate.ts';
import { openExpressionCompiler } from '../../src/mapping/expressions/expression.ts';
import type { MappingSource } from '../../src/mapping/mapping.ts';
import { anySource, sourceOf } from './generated-sources.ts';

const compiler = openExpressionCompiler();

function evaluated(text: string, source: MappingSource = sourceOf()): Evaluated {
  const { expression, problems } = compile(text);
  if (expression === undefined) throw new Error(JSON.stringify(problems));
  return expression.evaluate(source);
}

function compile(text: string) {
  const report = openReport();
  return { expression: compiler.compile(text, ['cel'], report), problems: report.problems };
}

const messages = [
  { id: undefined, role: 'caller', text: 'I want a refund', createdAt: undefined },
  { id: undefined, role: 'agent', text: 'Sure', createdAt: undefined },
];

describe('an expression', () => {
  it.each([
    ['conversation.durationSeconds / 60', 2.75],
    ['round(conversation.durationSeconds / 60)', 3],
    ['conversation.durationSeconds == 165', true],
    ['conversation.intent == "" ? "none" : conversation.intent', 'none'],
    ['has(conversation.durationSeconds) && conversation.durationSeconds > 60', true],
    ['caller.firstName + " (" + caller.phone + ")"', 'Zoe (+15551234567)'],
    ['conversation.tags.map(tag, tag.upperAscii())', ['VIP', 'REFUND']],
    ['conversation.tags.exists(tag, tag == "vip")', true],
    ['conversation.summary.firstSentence()', 'Wants Tuesday.'],
    ['conversation.status.replace("completed", "done")', 'done'],
    ['timestamp(computed.occurredAt) + duration("15m")', '2026-03-02T22:45:00.000Z'],
    ['timestamp(computed.occurredAt).getHours("America/New_York")', 17],
    ['{"completed": "Connected", "missed": "No answer"}[conversation.status]', 'Connected'],
    ['messages.all.exists(m, m.role == "caller" && m.text.contains("refund"))', true],
    ['messages.count', 2],
    ['raw.score > 0.5 ? "hot" : "cold"', 'hot'],
    ['raw.nested.code', 'x7'],
  ])('%s', (text, value) => {
    const source = sourceOf({ raw: { score: 0.7, nested: { code: 'x7' } } }, { messages });
    expect(evaluated(text, source)).toEqual({ kind: 'value', value });
  });

  it.each([
    'raw.absent',
    'conversation.durationSeconds + 1',
    '{"a": "b"}[conversation.status]',
    'messages.all[7].text',
  ])('of what is not there has no value, and is no failure: %s', (text) => {
    expect(evaluated(text, sourceOf({ durationSeconds: undefined }))).toEqual({ kind: 'none' });
  });

  it.each([
    ['timestamp(conversation.summary)', 'invalid_timestamp'],
    ['timestamp(computed.occurredAt).getHours("Mars/Olympus")', 'evaluation_failed'],
    ['1 / (2 - 2)', 'division_by_zero'],
  ])('that fails says so without data: %s', (text, code) => {
    expect(evaluated(text)).toEqual({ kind: 'failed', code });
  });

  it.each([
    ['conversation.sumary', /No such key: sumary/, /mean `summary`/],
    ['conversatoin.summary', /Unknown variable: conversatoin/, /mean `conversation`/],
    ['customer.name', /Unknown variable: customer/, /the source has: conversation/],
    ['conversation.summary +', /cannot be read/, /write it in CEL/],
    ['conversation.summary + 1', /no such overload: string \+ int/, /string\(\)/],
    ['conversation', /gives Conversation/, /let it give a text/],
    ['{"a": 1}', /gives map/, /let it give a text/],
    ['conversation.summary.matches("(a+)+$")', /`matches` is not available/, /contains/],
    ['cel.bind(a, "x", a + a)', /`bind` is not available/, /available here/],
    ['dyn(1)', /`dyn` is not available/, /available here/],
    ['b"abc".json()', /`json` is not available/, /available here/],
    ['raw.?a', /Unexpected character|cannot be read/, /CEL/],
    ['duration(conversation.summary)', /times as long as is allowed/, /substring/],
    ['messages.all.exists(a, messages.all.exists(b, a.text == b.text))', /times as long/, /one list function/],
    ['conversation.summary.replace("", conversation.summary)', /could grow very large/, /substring/],
    ['x'.repeat(2_001), /too long/, /at most 2000/],
  ])('%s is refused, and the fix said', (text, message, fix) => {
    const { expression, problems } = compile(text);
    expect(expression).toBeUndefined();
    expect(problems).toEqual([
      { path: 'cel', message: expect.stringMatching(message), fix: expect.stringMatching(fix) },
    ]);
  });
});

describe('nothing but the conversation', () => {
  const NAMES = ['constructor', '__proto__', 'prototype', 'toString', 'source', 'hasOwnProperty', '__defineGetter__'];
  const OWNERS = [
    'conversation',
    'messages.all[0]',
    'raw',
    'raw.nested',
    'conversation.tags',
    'conversation.id',
    '"text"',
  ];

  it.each(OWNERS.flatMap((owner) => NAMES.flatMap((name) => [`${owner}.${name}`, `${owner}["${name}"]`])))(
    'can be reached by %s',
    (text) => {
      const { expression } = compile(text);
      const result = expression?.evaluate(sourceOf({ raw: { nested: {} } }, { messages })) ?? { kind: 'none' };
      expect(result.kind).not.toBe('value');
    },
  );

  it('is changed by an evaluation', () => {
    const source = sourceOf({ raw: { list: ['b', 'a'] } }, { messages });
    const before = structuredClone(source);
    for (const text of ['raw.list + ["c"]', 'messages.all.map(m, m.text)', 'conversation.tags + ["x"]']) {
      evaluated(text, source);
    }
    expect(source).toEqual(before);
  });

  it('is read when the content policy has taken it out', () => {
    const source = sourceOf({ summary: undefined, recordingUrl: undefined, raw: {} });
    expect(evaluated('conversation.summary + messages.transcript + conversation.recordingUrl', source)).toEqual({
      kind: 'none',
    });
  });
});

/** Expressions made to run long, grow large or break out, from the pieces that could. */
const { expression: hostile } = fc.letrec((tie) => ({
  text: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.constantFrom(
      'conversation.summary',
      'messages.transcript',
      'caller.name',
      'raw.blob',
      'm.text',
      'e',
      '"aaaaaaaaaaaaaaaaaaaaab"',
      '""',
      'raw.__proto__',
      'cel',
      'google',
    ),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `(${String(a)} + ${String(b)})`),
    fc
      .tuple(tie('text'), fc.constantFrom('upperAscii', 'trim', 'words', 'firstSentence'))
      .map(([a, f]) => `${String(a)}.${f}()`),
    fc
      .tuple(tie('text'), tie('text'), tie('text'))
      .map(([a, b, c]) => `${String(a)}.replace(${String(b)}, ${String(c)})`),
    fc.tuple(tie('list'), tie('text')).map(([a, b]) => `${String(a)}.join(${String(b)})`),
    fc.tuple(tie('flag'), tie('text'), tie('text')).map(([a, b, c]) => `(${String(a)} ? ${String(b)} : ${String(c)})`),
  ),
  list: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.constantFrom('messages.all', 'conversation.tags', 'raw.list', 'raw', '["a", "b"]'),
    fc.tuple(tie('text'), tie('text')).map(([a, b]) => `${String(a)}.split(${String(b)})`),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => `(${String(a)} + ${String(b)})`),
    fc
      .tuple(tie('list'), fc.constantFrom('m', 'e'), tie('text'))
      .map(([a, v, b]) => `${String(a)}.map(${v}, ${String(b)})`),
    fc
      .tuple(tie('list'), fc.constantFrom('m', 'e'), tie('list'))
      .map(([a, v, b]) => `${String(a)}.map(${v}, ${String(b)})`),
    fc
      .tuple(tie('list'), fc.constantFrom('m', 'e'), tie('flag'))
      .map(([a, v, b]) => `${String(a)}.filter(${v}, ${String(b)})`),
  ),
  flag: fc.oneof(
    { depthSize: 'small', maxDepth: 5 },
    fc.constantFrom('true', 'handoff.requested', 'has(raw.blob)'),
    fc
      .tuple(tie('text'), fc.constantFrom('contains', 'matches', 'startsWith'), tie('text'))
      .map(([a, f, b]) => `${String(a)}.${f}(${String(b)})`),
    fc
      .tuple(tie('list'), fc.constantFrom('all', 'exists', 'exists_one'), fc.constantFrom('m', 'e'), tie('flag'))
      .map(([a, f, v, b]) => `${String(a)}.${f}(${v}, ${String(b)})`),
    fc
      .tuple(tie('text'), fc.constantFrom('==', '<', 'in'), tie('text'))
      .map(([a, o, b]) => `${String(a)} ${o} ${String(b)}`),
    fc.tuple(tie('list'), tie('list')).map(([a, b]) => `${String(a)} == ${String(b)}`),
    fc.tuple(tie('text'), tie('list')).map(([a, b]) => `${String(a)} in ${String(b)}`),
  ),
  expression: fc.oneof(tie('text'), tie('list'), tie('flag'), fc.string({ unit: 'grapheme', maxLength: 40 })),
}));

/** A conversation far longer than any, of what is worst to search in. */
const long = sourceOf(
  {
    summary: 'a'.repeat(200_000),
    tags: Array.from({ length: 3_000 }, () => 'a'.repeat(900)),
    raw: { blob: 'a'.repeat(100_000), list: Array.from({ length: 5_000 }, () => 'a'.repeat(50)) },
  },
  {
    messages: Array.from({ length: 1_000 }, () => ({
      id: undefined,
      role: 'caller',
      text: 'a'.repeat(3_000),
      createdAt: undefined,
    })),
  },
);

/** Milliseconds of CPU that one thread spends; what else the machine does meanwhile does not count. */
function cpuOf(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

describe('10,000 hostile expressions on a conversation of extreme length', () => {
  beforeAll(() => {
    // The first uses load and compile the machinery itself.
    for (const text of ['conversation.sumary', 'conversation.summary + "a"', 'messages.all.map(m, m.text)']) {
      compile(text).expression?.evaluate(long);
    }
  });

  it('are each evaluated or refused within 20 ms of CPU, and never throw', () => {
    const outcomes = { evaluated: 0, refused: 0 };
    fc.assert(
      fc.property(hostile as fc.Arbitrary<string>, (text) => {
        const run = () =>
          cpuOf(() => {
            const { expression } = compile(text);
            if (expression === undefined) outcomes.refused += 1;
            else expression.evaluate(long);
            if (expression !== undefined) outcomes.evaluated += 1;
          });
        const first = run();
        // A collection of garbage may fall into any one measurement, not into the best of several.
        const best = first < 20 ? first : Math.min(run(), run(), run());
        expect({ text, slow: best >= 20 ? best : false }).toEqual({ text, slow: false });
      }),
      { numRuns: 10_000 },
    );
    // Neither are all refused, which would prove nothing, nor is nothing.
    expect(outcomes.evaluated).toBeGreaterThan(500);
    expect(outcomes.refused).toBeGreaterThan(500);
  });

  it('and generated conversations come to an end without a throw', () => {
    fc.assert(
      fc.property(hostile as fc.Arbitrary<string>, anySource, (text, source) => {
        const result = compile(text).expression?.evaluate(source);
        expect(['value', 'none', 'failed', undefined]).toContain(result?.kind);
      }),
      { numRuns: 1_000 },
    );
  });
});
