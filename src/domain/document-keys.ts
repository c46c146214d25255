import { z } from 'zod';
import type { DocumentPath } from './document-path.ts';

/** The keys that may stand at a place of a document, read off its schema; empty for what is no block. */
export function knownKeysAt(schema: z.ZodType, path: DocumentPath): readonly string[] {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const keys = path.reduce(step, [root]).flatMap((inner) => Object.keys(member(inner, 'properties') ?? {}));
  return [...new Set(keys)];
}

/** The word that was probably meant: at most two letters changed, added, left out or swapped; case does not count. */
export function closestWord(wrong: string, known: readonly string[]): string | undefined {
  const near = known
    .map((word) => ({ word, distance: editDistance(wrong.toLowerCase(), word.toLowerCase()) }))
    .filter(({ word, distance }) => distance <= Math.min(2, word.length - 1))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.word;
}

function step(schemas: readonly unknown[], key: string | number): readonly unknown[] {
  return schemas
    .flatMap((schema) => alternatives(schema))
    .map((schema) => (typeof key === 'number' ? member(schema, 'items') : valueOf(schema, key)))
    .filter((schema) => schema !== undefined)
    .flatMap((schema) => alternatives(schema));
}

/** What may stand under a key: of a block with keys of its own, or of one whose keys people choose. */
function valueOf(schema: unknown, key: string): object | undefined {
  return member(member(schema, 'properties'), key) ?? member(schema, 'additionalProperties');
}

function alternatives(schema: unknown): readonly unknown[] {
  const branches: unknown = member(schema, 'oneOf') ?? member(schema, 'anyOf');
  return Array.isArray(branches) ? branches : [schema];
}

function member(value: unknown, key: string): object | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return typeof found === 'object' && found !== null ? found : undefined;
}

/** Levenshtein's distance, row by row. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, left] of Array.from(a).entries()) {
    const row = [i + 1];
    for (const [j, right] of Array.from(b).entries()) {
      const replaced = (previous[j] ?? 0) + (left === right ? 0 : 1);
      row.push(Math.min(replaced, (previous[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1));
    }
    previous = row;
  }
  return previous.at(-1) ?? 0;
}
