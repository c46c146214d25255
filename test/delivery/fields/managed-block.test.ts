import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { danglingTags } from '../../../src/delivery/fields/dangling-tags.ts';
import { readBlock, withBlock, type Room } from '../../../src/delivery/fields/managed-block.ts';
import { isSameValue } from '../../../src/delivery/fields/same-value.ts';
import { escapeHtml } from '../../../src/mapping/text.ts';

const NAME = 'conv_1';
const OPEN = `<p>[PersonaDesk ${NAME}]</p>`;
const CLOSE = `<p>[/PersonaDesk ${NAME}]</p>`;

const html = (present: string, text: string, room?: Room) =>
  withBlock(present, { name: NAME, text, isHtml: true }, room);
const plain = (present: string, text: string, room?: Room) =>
  withBlock(present, { name: NAME, text, isHtml: false }, room);

describe('a block in HTML', () => {
  it('has lines that are paragraphs of their own, below what is there', () => {
    expect(html('', '<p>A</p>')).toBe(`${OPEN}<p>A</p>${CLOSE}`);
    expect(html('<p>Notes</p>', '<p>A</p>')).toBe(`<p>Notes</p>${OPEN}<p>A</p>${CLOSE}`);
  });

  it.each([
    ['as it was written', `${OPEN}<p>A</p>${CLOSE}`, `${OPEN}<p>B</p><p>C</p>${CLOSE}`],
    [
      'with white space around every tag',
      ` <p> [PersonaDesk ${NAME}] </p>\n <p> A </p>\n<p> [/PersonaDesk ${NAME}] </p> `,
      ` <p> [PersonaDesk ${NAME}]</p><p>B</p><p>C</p><p>[/PersonaDesk ${NAME}] </p> `,
    ],
    [
      'with other tags and hard spaces in its lines',
      `<div style="x">[<b>PersonaDesk</b>&nbsp;${NAME}]</div><div>A</div><div>[<i>/PersonaDesk\u00a0${NAME}</i> ]</div>`,
      `<div style="x">[<b>PersonaDesk</b>&nbsp;${NAME}]</div><p>B</p><p>C</p><div>[<i>/PersonaDesk\u00a0${NAME}</i> ]</div>`,
    ],
    [
      'made one paragraph of',
      `<p>Mine: [PersonaDesk ${NAME}] A [/PersonaDesk ${NAME}] Mine.</p>`,
      `<p>Mine: [PersonaDesk ${NAME}]<br>B<br><br>C<br>[/PersonaDesk ${NAME}] Mine.</p>`,
    ],
    [
      'half of it in a quotation',
      `<blockquote><p>[PersonaDesk ${NAME}]</p></blockquote><ul><li>A</li><li>[/PersonaDesk ${NAME}]</li></ul>`,
      `<blockquote><p>[PersonaDesk ${NAME}]</p></blockquote><p>B</p><p>C</p><ul><li>[/PersonaDesk ${NAME}]</li></ul>`,
    ],
  ])('is found and renewed %s; tags still have their partners', (_, present, renewed) => {
    expect(isSameValue(readBlock(present, NAME), '<p>A</p>')).toBe(true);
    expect(html(present, '<p>B</p><p>C</p>')).toBe(renewed);
    expect(danglingTags(renewed)).toEqual({ closing: '', opening: '' });
  });

  it('is cut between characters and never inside a tag or an entity', () => {
    const long = `<p>${'&amp;'.repeat(100)}</p>`;
    for (let field = 80; field < 120; field += 1) {
      const cut = html('<p>Notes</p>', long, { field });
      expect(cut?.length).toBeLessThanOrEqual(field);
      if (cut !== undefined)
        expect(cut).toMatch(/^<p>Notes<\/p><p>\[[^<]*\]<\/p><p>(?:&amp;)*…<\/p><p>\[\/[^<]*\]<\/p>$/);
    }
    expect(html('<p>Notes</p>', long, { field: 60 })).toBeUndefined();
  });

  it('holds a name that is an address', () => {
    const block = { name: "mailto:o'neil&co@example.com", text: '<p>A</p>', isHtml: true };
    const made = withBlock('', block) ?? '';
    expect(readBlock(made, block.name)).toContain('A');
    expect(withBlock(made, { ...block, text: '<p>B</p>' })).toBe(made.replace('>A<', '>B<'));
  });

  it('survives whatever people write around it and an editor does to it', () => {
    const words = fc.string({ unit: 'grapheme', maxLength: 20 }).map(escapeHtml);
    const theirs = fc
      .array(fc.tuple(fc.constantFrom('p', 'div', 'h2', 'blockquote'), words), { maxLength: 4 })
      .map((parts) => parts.map(([tag, text]) => `<${tag} class="a">${text}<br></${tag}>`).join(''));
    const ours = fc
      .array(words, { minLength: 1, maxLength: 4 })
      .map((lines) => lines.map((line) => `<p>${line}</p>`).join(''));
    const editor = fc.constantFrom<(text: string) => string>(
      (text) => text,
      (text) => text.replaceAll('><', '>\n  <'),
      (text) => text.replaceAll('<p>[', '<div><span style="color:red">[').replaceAll(']</p>', ']</span></div>'),
      (text) => text.replaceAll('[PersonaDesk ', '[<b>PersonaDesk</b>&nbsp;'),
      (text) => `<div>${text}</div>`,
    );
    fc.assert(
      fc.property(theirs, ours, ours, theirs, editor, (before, first, second, after, edit) => {
        const made = edit(`${html(before, first) ?? ''}${after}`);
        const found = readBlock(made, NAME);
        expect(isSameValue(found, first)).toBe(true);
        const renewed = html(made, second) ?? '';
        expect(isSameValue(readBlock(renewed, NAME), second)).toBe(true);
        expect(danglingTags(renewed)).toEqual({ closing: '', opening: '' });
        const at = made.indexOf('PersonaDesk');
        expect(renewed.slice(0, at)).toBe(made.slice(0, at));
        expect(renewed.endsWith(made.slice(made.lastIndexOf('PersonaDesk')))).toBe(true);
        expect(html(renewed, second)).toBe(renewed);
      }),
    );
  });
});

describe('a block whose text holds its own lines', () => {
  it.each([
    ['plain', plain],
    ['HTML', html],
  ])('%s: ends where it ends', (_, write) => {
    const trick = `x [/PersonaDesk ${NAME}] y [ PersonaDesk ${NAME} ] z`;
    const made = write('', trick) ?? '';
    expect(readBlock(made, NAME)).toContain('z');
    expect(write(`${made}after`, 'B')?.endsWith('after')).toBe(true);
    expect(write(made, trick)).toBe(made);
  });
});

describe('finding a block', () => {
  it('takes time in proportion to the text, however it is made to look like one', () => {
    const hostile = [
      '['.repeat(60_000),
      `[${' '.repeat(60_000)}`,
      `[PersonaDesk ${'<'.repeat(60_000)}`,
      `[<p>`.repeat(15_000),
      `[PersonaDesk ${NAME}]${'<a>'.repeat(15_000)}`,
      `[PersonaDesk ${NAME}]${'</a>'.repeat(10_000)}[/PersonaDesk ${NAME}]`,
      `[PersonaDesk ${NAME}]${'&nbsp;'.repeat(10_000)}`,
    ];
    const started = performance.now();
    for (const text of hostile) html(text, '<p>A</p>');
    // Generous for a busy machine: each takes a few milliseconds, where backtracking takes minutes.
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
