import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { TRANSFORM_NAMES } from '../../src/mapping/document/schema.ts';
import { WRITE_MODES } from '../../src/domain/plan.ts';
import { SOURCE_FIELDS } from '../../src/mapping/source/catalogue.ts';
import { validateMapping } from '../../src/mapping/validate/validate-mapping.ts';
import { documentWith, type RowInput } from './compiled-rows.ts';

const guide = readFileSync('docs/mapping.md', 'utf8');
const examples = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, yaml = '']) => yaml);

describe('the mapping guide', () => {
  it('has a whole document and three examples', () => {
    expect(examples.length).toBe(4);
  });

  it.each(examples)('shows nothing that would be refused: %s', (yaml) => {
    const shown: unknown = parse(yaml);
    const document = Array.isArray(shown) ? documentWith(...(shown as RowInput[])) : shown;
    expect(validateMapping(document).problems).toEqual([]);
  });

  it.each([...TRANSFORM_NAMES, ...WRITE_MODES, ...SOURCE_FIELDS.map(({ path }) => path)])(
    'has a line for %s',
    (name) => {
      expect(guide).toContain(`| \`${name}\` `);
    },
  );

  it('describes each path as the catalogue does', () => {
    for (const { path, description } of SOURCE_FIELDS) {
      const line = guide.split('\n').find((row) => row.startsWith(`| \`${path}\` `));
      expect(line).toContain(description);
    }
  });
});
