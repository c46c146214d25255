import type { z } from 'zod';
import { exampleAt } from './configuration-examples.ts';
import { closestKey, knownKeysAt } from './configuration-keys.ts';
import { pathPattern, type ConfigurationPath } from './configuration-problem.ts';
import { looksLikeSecret } from './secret-shape.ts';

/** A schema's complaint in words for the person who wrote the file. */
export interface ExplainedIssue {
  readonly path: ConfigurationPath;
  readonly problem: string;
  readonly fix: string;
}

/**
 * Explains one complaint of the configuration schema; several unknown keys are several problems.
 * @param value the file's content: looked at for what kind of thing stands there, never repeated.
 */
export function explainIssue(issue: z.core.$ZodIssue, value: unknown): readonly ExplainedIssue[] {
  const path = plainPath(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  const found = valueAt(value, path);
  if (found === undefined) return [{ path, problem: `${lastStep(path)} is missing`, fix: `add ${rightAt(path)}` }];
  return [{ path, problem: problemOf(issue, found), fix: fixOf(issue, path) }];
}

function problemOf(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return `${indefinite(issue.expected)} belongs here, not ${kindOf(found)}`;
    case 'invalid_value':
      return `only ${issue.values.map(String).join(', ')} can stand here`;
    case 'too_small':
      return found === '' ? 'the text is empty' : `less than the least that is allowed (${issue.minimum.toString()})`;
    case 'too_big':
      return `more than the most that is allowed (${issue.maximum.toString()})`;
    case 'invalid_format':
      return issue.format === 'url' ? 'this is no http(s) URL' : 'the text holds something that is not allowed here';
    case 'invalid_union':
      return 'discriminator' in issue ? 'this scheme is not known' : 'a reference to a secret belongs here';
    case 'custom':
      return issue.message;
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
      return 'this value is not allowed here';
  }
}

function fixOf(issue: z.core.$ZodIssue, path: ConfigurationPath): string {
  if (issue.code === 'custom' && issue.message.includes('twice')) return 'give one of the two another name';
  if (issue.code === 'invalid_union' && !('discriminator' in issue)) {
    return `write ${rightAt(path)}; the secret itself never stands in the file`;
  }
  return `write ${rightAt(path)}`;
}

function unknownKey(path: ConfigurationPath, key: string): ExplainedIssue {
  const known = knownKeysAt(path);
  const meant = closestKey(key, known);
  const shown = looksLikeSecret(key) || key.length > 40 ? undefined : key;
  return {
    path: shown === undefined ? path : [...path, shown],
    problem: shown === undefined ? 'a key is not known here' : `\`${shown}\` is not known here`,
    fix:
      meant === undefined ? `remove it; known here: ${known.join(', ')}` : `did you mean \`${meant}\`? Else remove it`,
  };
}

function rightAt(path: ConfigurationPath): string {
  return exampleAt(pathPattern(path)) ?? 'what the configuration guide shows for this place';
}

function lastStep(path: ConfigurationPath): string {
  const last = path.at(-1);
  return last === undefined ? 'the content' : typeof last === 'number' ? 'an entry' : `\`${last}\``;
}

function plainPath(path: readonly PropertyKey[]): ConfigurationPath {
  return path.map((part) => (typeof part === 'symbol' ? String(part) : part));
}

function valueAt(value: unknown, path: ConfigurationPath): unknown {
  return path.reduce<unknown>((inner, key) => {
    if (typeof inner !== 'object' || inner === null) return undefined;
    return Object.entries(inner).find(([name]) => name === String(key))?.[1] as unknown;
  }, value);
}

function kindOf(found: unknown): string {
  if (found === null) return 'nothing';
  if (Array.isArray(found)) return 'a list';
  return typeof found === 'object' ? 'a block' : indefinite(typeof found);
}

function indefinite(type: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text (in quotes when it looks like a number)',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    object: 'a block of keys',
    array: 'a list',
  };
  return names[type] ?? `a ${type}`;
}
