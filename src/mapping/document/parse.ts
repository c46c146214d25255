import type { z } from 'zod';
import { closestWord, knownKeysAt } from '../../domain/document-keys.ts';
import { pathText, type DocumentPath } from '../../domain/document-path.ts';
import { exampleAt } from './examples.ts';
import type { MappingProblem } from './problem.ts';
import { mappingDocumentSchema, TRANSFORM_NAMES, transformKeys, type MappingDocument } from './schema.ts';

/** A document that has the right form, or everything that is wrong with its form. */
export type ParsedDocument =
  | { readonly kind: 'parsed'; readonly document: MappingDocument }
  | { readonly kind: 'invalid'; readonly problems: readonly MappingProblem[] };

/** Reads what stands in a JSON or YAML file. No value out of it is repeated in a problem but names. */
export function parseMappingDocument(json: unknown): ParsedDocument {
  const parsed = mappingDocumentSchema.safeParse(json);
  if (parsed.success) return { kind: 'parsed', document: parsed.data };
  return { kind: 'invalid', problems: parsed.error.issues.flatMap((issue) => explain(issue, json)) };
}

function explain(issue: z.core.$ZodIssue, json: unknown): readonly MappingProblem[] {
  const path = issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], json));
  if (issue.code === 'invalid_union' && issue.discriminator === 'use') return [unknownTransform(path, json)];
  const found = valueAt(json, path);
  const missing = found === undefined && issue.code !== 'custom';
  return [
    {
      path: pathText(path),
      message: missing ? `${nameOf(path)} is missing` : messageOf(issue, found),
      fix: `write ${exampleAt(path)}`,
    },
  ];
}

function unknownKey(path: DocumentPath, json: unknown): MappingProblem {
  const key = String(path.at(-1));
  const parent = path.slice(0, -1);
  const use = valueAt(json, [...parent, 'use']);
  const known = typeof use === 'string' ? transformKeys(use) : knownKeysAt(mappingDocumentSchema, parent);
  const meant = closestWord(key, known);
  return {
    path: pathText(path),
    message: `\`${key.slice(0, 40)}\` is not known here`,
    fix:
      meant === undefined ? `remove it; known here: ${known.join(', ')}` : `did you mean \`${meant}\`? Else remove it`,
  };
}

function unknownTransform(path: DocumentPath, json: unknown): MappingProblem {
  const use = valueAt(json, path);
  if (typeof use !== 'string') {
    return { path: pathText(path), message: 'nothing says which transform this is', fix: 'write `{ use: trim }`' };
  }
  const meant = closestWord(use, TRANSFORM_NAMES);
  return {
    path: pathText(path),
    message: `\`${use.slice(0, 40)}\` is no transform`,
    fix: meant === undefined ? `known: ${TRANSFORM_NAMES.join(', ')}` : `did you mean \`${meant}\`?`,
  };
}

function messageOf(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${EXPECTED[issue.expected] ?? `a ${issue.expected}`} belongs here, not ${kindOf(found)}`;
    case 'invalid_value':
      return `only ${issue.values.map(String).join(', ')} can stand here`;
    case 'too_small':
      return found === '' ? 'the text is empty' : `less than the least that is allowed (${issue.minimum.toString()})`;
    case 'too_big':
      return `more than the most that is allowed (${issue.maximum.toString()})`;
    case 'custom':
    case 'invalid_union':
      return issue.message;
    case 'invalid_format':
      return 'the text holds something that is not allowed here';
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
      return 'this is not allowed here';
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text (in quotes when it looks like a number)',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a block of keys',
  record: 'a block of keys',
  array: 'a list',
};

function nameOf(path: DocumentPath): string {
  const last = path.at(-1);
  return last === undefined ? 'the content' : typeof last === 'number' ? 'an entry' : `\`${last}\``;
}

function valueAt(json: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, key)) return undefined;
    return Reflect.get(inner, key) as unknown;
  }, json);
}

function kindOf(found: unknown): string {
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  return typeof found === 'object' ? 'a block' : (EXPECTED[typeof found] ?? `a ${typeof found}`).replace(/ \(.*/, '');
}
