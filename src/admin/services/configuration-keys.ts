import { z } from 'zod';
import { configurationSchema } from '../../domain/configuration.ts';
import type { ConfigurationPath } from './configuration-problem.ts';

/** The keys that may stand at a place of the configuration file, read off its schema; empty for what is no block. */
export function knownKeysAt(path: ConfigurationPath): readonly string[] {
  const root: unknown = z.toJSONSchema(configurationSchema, { io: 'input', unrepresentable: 'any' });
  const keys = path.reduce(step, [root]).flatMap((schema) => Object.keys(member(schema, 'properties') ?? {}));
  return [...new Set(keys)];
}

/** The key that was probably meant: at most two letters changed, added, left out or swapped; case does not count. */
export function closestKey(wrong: string, known: readonly string[]): string | undefined {
  const near = known
    .map((key) => ({ key, distance: editDistance(wrong.toLowerCase(), key.toLowerCase()) }))
    .filter(({ key, distance }) => distance <= Math.min(2, key.length - 1))
    .toSorted((a, b) => a.distance - b.distance);
  return near[0]?.key;
}

function step(schemas: readonly unknown[], key: string | number): readonly unknown[] {
  return schemas
    .flatMap((schema) => alternatives(schema))
    .map((schema) => (typeof key === 'number' ? member(schema, 'items') : member(member(schema, 'properties'), key)))
    .filter((schema) => schema !== undefined)
    .flatMap((schema) => alternatives(schema));
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
