import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { applyContentPolicy, evaluate, type Mapping, type MappingSource } from '../../src/mapping/mapping.ts';
import { SOURCE_FIELDS, sourceField } from '../../src/mapping/source/catalogue.ts';
import { isList, type Value } from '../../src/mapping/source/value.ts';
import { documentWith, mappingOf, written, type RowInput } from './compiled-rows.ts';
import { anySource, sourceOf } from './generated-sources.ts';

describe('a row', () => {
  it.each([
    [{ from: { constant: 'CRM' } }, 'CRM'],
    [{ from: { path: 'conversation.tags' } }, 'vip;refund'],
    [
      { from: { template: 'From {{ caller.name | truncate: 4 }} {{conversation.tags | join: "+"}}' } },
      'From Zoe… vip+refund',
    ],
    [{ from: { template: 'Intent {{conversation.intent | default: "unknown"}}' } }, 'Intent unknown'],
    [{ from: { template: '{{conversation.intent}} by {{conversation.sentiment}}' } }, undefined],
    [{ from: { template: '{{conversation.durationSeconds}} s' } }, '165 s'],
    [{ from: { path: 'conversation.intent' }, ifNull: 'leave' }, undefined],
    [{ from: { path: 'conversation.intent' }, ifNull: { default: 'none' } }, 'none'],
    [
      { from: { path: 'caller.name' }, transforms: [{ use: 'email' }], ifNull: { default: 'no address' } },
      'no address',
    ],
    [{ from: { constant: 'yes' }, when: 'conversation.status == "completed"' }, 'yes'],
    [{ from: { constant: 'yes' }, when: 'conversation.status == "missed"' }, undefined],
    [{ from: { constant: 'yes' }, when: 'raw.vip == true' }, undefined],
    [{ from: { constant: 'yes' }, when: 'conversation.status == "missed"', ifNull: { default: 'no' } }, undefined],
    [{ from: { constant: 'a\u0000b' } }, 'ab'],
  ] as const satisfies readonly (readonly [Omit<RowInput, 'field' | 'mode'>, string | undefined])[])(
    '%j writes %p',
    (row, value) => {
      expect(written(row).value).toBe(value);
    },
  );

  it('that fails has no value, a remark that names its field, and neighbours that are written', () => {
    const mapping = mappingOf(
      documentWith(
        { field: 'broken', from: { cel: 'timestamp(caller.name)' }, mode: 'overwrite' },
        { field: 'whole', from: { path: 'conversation.id' }, mode: 'overwrite' },
      ),
    );
    const source = sourceOf();
    expect(evaluate(mapping.activity('call'), source)).toEqual([
      { field: 'whole', mode: 'overwrite', value: 'conv_1' },
    ]);
    expect(mapping.warnings(source)).toEqual(['broken: the expression failed (invalid_timestamp)']);
  });

  it('takes no template and no expression out of what was said', () => {
    const source = sourceOf({ summary: '{{conversation.id}} ${conversation.id} conversation.id' });
    expect(written({ from: { template: '> {{conversation.summary}}' } }, source).value).toBe(
      '> {{conversation.id}} ${conversation.id} conversation.id',
    );
  });

  it('keeps its write mode, whichever it is', () => {
    const modes = [
      'overwrite',
      'overwrite_unless_edited',
      'fill_if_empty',
      'append_block',
      'create_only',
      'never',
    ] as const;
    const rows = modes.map((mode): RowInput => ({ field: `f_${mode}`, from: { constant: 'x' }, mode }));
    expect(
      mappingOf(documentWith(...rows))
        .activity('call')
        .map(({ mode }) => mode),
    ).toEqual(modes);
  });

  it.each([
    [{ path: 'conversation.summary' }, false],
    [{ path: 'messages.last3' }, true],
    [{ template: '{{messages.first}}' }, true],
    [{ cel: 'messages.all.exists(m, m.role == "x") ? "a" : "b"' }, true],
    [{ digest: { as: 'text', maxLength: 900 } }, true],
  ] as const)('from %j asks for messages: %p', (from, reads) => {
    const row: RowInput = { field: 'a', from, mode: 'overwrite' };
    expect(mappingOf(documentWith(row)).readsMessages).toBe(reads);
  });
});

describe('the catalogue of what may be read', () => {
  const full = sourceOf(
    {
      intent: 'book',
      sentiment: 'glad',
      language: 'en',
      agentId: 'agent_1',
      recordingUrl: 'https://r.example/1.mp3',
      caller: { number: '+15551234567', name: 'Zoe Q', email: 'z@example.com' },
    },
    {
      messages: [{ id: undefined, role: 'caller', text: 'Hello', createdAt: undefined }],
      routing: [{ reason: 'sales', agentId: 'agent_1' }],
      handoff: { requestedAt: '2026-03-02T22:31:00Z', reason: 'asked', agentId: 'agent_2' },
    },
    {
      followUp: { dueAt: '2026-03-02T22:46:00Z', priority: 'high' },
      context: {
        afterHours: true,
        deepLink: 'https://app.example/c/1',
        agent: { name: 'Desk', email: 'desk@example.com' },
      },
    },
  );

  it.each(SOURCE_FIELDS.map((field) => [field.path, field] as const))(
    '%s has a value of its type, described and shown',
    (_path, field) => {
      const value = field.read(full);
      expect(value === undefined ? undefined : typeOf(value)).toBe(
        { text: 'string', instant: 'string', number: 'number', boolean: 'boolean', list: 'list' }[field.type],
      );
      expect(field.description.length * field.example.length).toBeGreaterThan(0);
    },
  );

  it.each([
    ['messages.last2', 'b: 2\nc: 3'],
    ['messages.last', 'c: 3'],
    ['messages.first', 'a: 1'],
    ['messages.last50', 'a: 1\nb: 2\nc: 3'],
  ])('%s', (path, text) => {
    const messages = ['a', 'b', 'c'].map((role, index) => ({
      id: undefined,
      role,
      text: String(index + 1),
      createdAt: undefined,
    }));
    expect(sourceField(path)?.read(sourceOf({}, { messages }))).toBe(text);
  });

  it.each(['messages.last0', 'messages.last51', 'messages.last1x', 'conversation', 'constructor'])(
    '%s is nothing in it',
    (path) => {
      expect(sourceField(path)).toBeUndefined();
    },
  );
});

/** Every way there is to read something. */
const EVERYTHING: readonly RowInput['from'][] = [
  ...SOURCE_FIELDS.map(({ path }) => ({ path })),
  ...SOURCE_FIELDS.map(({ path }) => ({ template: `x {{${path}}}` })),
  ...SOURCE_FIELDS.map(({ path, type }) => ({
    cel: type === 'list' ? `${path}.join(",")` : type === 'text' ? `${path} + "!"` : path,
  })),
  { path: 'messages.last7' },
  { path: 'raw.note' },
  { cel: 'messages.all.map(m, m.text).join(" ")' },
  { cel: 'raw.note' },
  { digest: { as: 'html', maxLength: 65_536 } },
  { digest: { as: 'text', maxLength: 32_000 } },
];

function everyWay(transforms: RowInput['transforms']): Mapping {
  const rows = EVERYTHING.map((from, index): RowInput => ({
    field: `f${index}`,
    from,
    mode: 'overwrite',
    ...(transforms === undefined ? {} : { transforms }),
  }));
  return mappingOf(documentWith(...rows));
}

describe('what the content policy keeps back', () => {
  const mapping = everyWay(undefined);

  function said(source: MappingSource, content: Parameters<typeof applyContentPolicy>[1]): string {
    const allowed = { ...source, known: applyContentPolicy(source.known, content) };
    return JSON.stringify([evaluate(mapping.activity('call'), allowed), mapping.warnings(allowed)]);
  }

  const withMarks = anySource.map((source) => ({
    ...source,
    known: {
      ...source.known,
      messages: [{ id: undefined, role: 'caller', text: 'SAIDSAID', createdAt: undefined }],
      conversation: {
        ...source.known.conversation,
        summary: 'SUMSUM',
        recordingUrl: 'https://RECREC.example/1',
        raw: { note: 'RAWRAW' },
      },
    },
  }));

  it('no row can read, whatever the conversation', () => {
    fc.assert(
      fc.property(withMarks, (source) => {
        expect(
          said(source, { recording: 'none', summary: false, transcript: false, redact: [], rule: 'test' }),
        ).not.toMatch(/SAIDSAID|SUMSUM|RECREC|RAWRAW/);
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    [{ recording: 'none', summary: true, transcript: false }, ['SUMSUM']],
    [{ recording: 'link', summary: false, transcript: false }, ['RECREC']],
    [{ recording: 'none', summary: false, transcript: true }, ['SAIDSAID']],
    [{ recording: 'link', summary: true, transcript: true }, ['SUMSUM', 'RECREC', 'SAIDSAID', 'RAWRAW']],
  ] as const)('%j lets go %j alone', (content, marks) => {
    const [source] = fc.sample(withMarks, 1);
    const found =
      said(source ?? sourceOf(), { ...content, redact: [], rule: 'test' }).match(/SAIDSAID|SUMSUM|RECREC|RAWRAW/g) ??
      [];
    expect(new Set(found)).toEqual(new Set(marks));
  });
});

describe('a compiled mapping', () => {
  it('is total and pure: the same conversation twice is the same, and nothing is thrown', () => {
    const mapping = everyWay(undefined);
    fc.assert(
      fc.property(anySource, (source) => {
        const once = evaluate(mapping.activity('call'), source);
        expect(evaluate(mapping.activity('call'), { ...source })).toEqual(once);
        for (const { value } of once) expect(value.isWellFormed()).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('cuts between characters', () => {
    const text: RowInput = {
      field: 'a',
      from: { path: 'conversation.summary' },
      transforms: [{ use: 'truncate', max: 9 }],
      mode: 'overwrite',
    };
    const mapping = mappingOf(documentWith(text));
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 40 }), (summary) => {
        const value = evaluate(mapping.activity('call'), sourceOf({ summary }))[0]?.value ?? '';
        expect(value.length).toBeLessThanOrEqual(9);
        expect(value.isWellFormed()).toBe(true);
      }),
    );
  });

  it('of forty rows takes well under a millisecond of CPU for a conversation', () => {
    const rows = EVERYTHING.filter((from) => !('digest' in from))
      .slice(0, 40)
      .map((from, index): RowInput => ({ field: `f${index}`, from, mode: 'overwrite' }));
    const mapping = mappingOf(documentWith(...rows));
    const rounds = 2_000;
    const sources = Array.from({ length: 2 * rounds }, () => sourceOf());
    // The first half is for the compiler to find out what is hot.
    for (const source of sources.slice(0, rounds)) evaluate(mapping.activity('call'), source);
    const before = process.threadCpuUsage();
    for (const source of sources.slice(rounds)) evaluate(mapping.activity('call'), source);
    expect(process.threadCpuUsage(before).user / 1_000 / rounds).toBeLessThan(1);
  });
});

function typeOf(value: Value): string {
  return isList(value) ? 'list' : typeof value;
}
