import { describe, expect, it } from '@jest/globals';
import { evaluate } from '../../src/mapping/mapping.ts';
import { documentWith, mappingOf, type RowInput } from './compiled-rows.ts';
import { sourceOf } from './generated-sources.ts';

describe('a row of a field that people write in too', () => {
  it.each([
    [{ from: { path: 'conversation.summary' } }, {}],
    [{ from: { path: 'conversation.summary' }, transforms: [{ use: 'truncate', max: 500 }] }, { limit: 500 }],
    [
      { from: { path: 'conversation.summary' }, transforms: [{ use: 'truncate', max: 500 }, { use: 'html' }] },
      { limit: 500, isHtml: true },
    ],
    [{ from: { digest: { as: 'html', maxLength: 4000 } } }, { limit: 4000, isHtml: true }],
    [
      { from: { digest: { as: 'text', maxLength: 4000 } }, transforms: [{ use: 'truncate', max: 1000 }] },
      { limit: 1000 },
    ],
  ] as const satisfies readonly (readonly [Omit<RowInput, 'field' | 'mode'>, object])[])(
    '%j knows how long its part may be, and whether it is HTML',
    (row, known) => {
      const mapping = mappingOf(documentWith({ field: 'notes', mode: 'append_block', ...row }));
      const [mapped] = evaluate(mapping.activity('call'), sourceOf());
      expect(mapped).toEqual({ field: 'notes', mode: 'append_block', value: expect.any(String), ...known });
    },
  );
});
