import type { z } from 'zod';
import { CRM_KINDS } from '../../domain/crm.ts';
import { closestWord } from '../../domain/document-keys.ts';
import { exampleAt } from './configuration-examples.ts';
import { configurationKeysAt } from './configuration-keys.ts';
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
  const meant = meantAlternative(issue, path, valueAt(value, path));
  if (meant !== undefined) return meant.flatMap((inner) => explainIssue(inner, value));
  const example = exampleFor(path, value) ?? 'what the configuration guide shows for this place';
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key, example));
  const found = valueAt(value, path);
  if (found === undefined) return [{ path, problem: `${lastStep(path)} is missing`, fix: `add ${example}` }];
  return [{ path, problem: problemOf(issue, found), fix: fixOf(issue, example) }];
}

/**
 * Where a block may be written in several ways, the complaints about the way that was probably meant: the one whose keys
 * are there, and of several the one that is closest to being right.
 */
function meantAlternative(
  issue: z.core.$ZodIssue,
  path: ConfigurationPath,
  found: unknown,
): readonly z.core.$ZodIssue[] | undefined {
  if (issue.code !== 'invalid_union' || !(isCredentials(path) || isOwner(path) || isOfPolicy(path))) return undefined;
  const ofItsKind = issue.errors.filter((issues) => !issues.some((inner) => isOfAnotherKind(inner, found)));
  if (ofItsKind.length === 0) return undefined;
  const penalty = (issues: readonly z.core.$ZodIssue[]) =>
    issues.length + (issues.some(({ code }) => code === 'unrecognized_keys') ? FOREIGN_KEYS : 0);
  const closest = ofItsKind.toSorted((a, b) => penalty(a) - penalty(b))[0];
  return closest?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function isCredentials(path: ConfigurationPath): boolean {
  return path.at(-1) === 'credentials';
}

/** An e-mail address or a queue. */
function isOwner(path: ConfigurationPath): boolean {
  return path.includes('owners') && (path.at(-1) === 'fallback' || path.at(-2) === 'agents');
}

/** A value of a condition, what is redacted, or a mapping: a text, a list or a block, and never a secret. */
function isOfPolicy(path: ConfigurationPath): boolean {
  return path.includes('when') || path.includes('redact') || path.includes('mapping');
}

/** A text where this way needs a block, or the other way round. */
function isOfAnotherKind({ code, path }: z.core.$ZodIssue, found: unknown): boolean {
  return path.length === 0 && (code === 'invalid_type' || (code === 'invalid_value' && typeof found !== 'string'));
}

/** More than any number of complaints about the inside of the right alternative. */
const FOREIGN_KEYS = 1_000;

/** For a place inside a reference to a secret, what is right for the reference as a whole. */
function exampleFor(path: ConfigurationPath, value: unknown): string | undefined {
  const crm = crmOf(value, path);
  return exampleAt(pathPattern(path), crm) ?? exampleAt(pathPattern(path.slice(0, -1)), crm);
}

/** The CRM of the connection that a path leads into, as the file has it. */
function crmOf(value: unknown, path: ConfigurationPath): string | undefined {
  const crm = path[2] === 'connections' ? valueAt(value, [...path.slice(0, 4), 'crm']) : undefined;
  return typeof crm === 'string' ? crm : undefined;
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
      return problemOfUnion(issue);
    case 'custom':
      return issue.message;
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'unrecognized_keys':
      return 'this value is not allowed here';
  }
}

function problemOfUnion(issue: z.core.$ZodIssueInvalidUnion): string {
  if (issue.discriminator === 'crm') return `only ${CRM_KINDS.join(', ')} can stand here`;
  if (issue.discriminator !== undefined) return 'this scheme is not known';
  const path = plainPath(issue.path);
  if (isOwner(path)) return 'an e-mail address or a queue belongs here';
  if (isOfPolicy(path)) return 'this is no value that can stand here';
  return isCredentials(path) ? 'a block of keys belongs here' : 'a reference to a secret belongs here';
}

function fixOf(issue: z.core.$ZodIssue, example: string): string {
  if (issue.code === 'custom' && issue.message.includes('twice')) return 'give one of the two another name';
  const path = plainPath(issue.path);
  if (issue.code === 'invalid_union' && issue.discriminator === undefined && !isOwner(path) && !isOfPolicy(path)) {
    return `write ${example}; the secret itself never stands in the file`;
  }
  return `write ${example}`;
}

function unknownKey(path: ConfigurationPath, key: string, example: string): ExplainedIssue {
  const known = configurationKeysAt(path);
  if (known.includes(key)) {
    const problem = `\`${key}\` is not known here beside what else stands in this block`;
    return { path: [...path, key], problem, fix: `remove it, or what it does not go with: ${example}` };
  }
  const meant = closestWord(key, known);
  const shown = looksLikeSecret(key) || key.length > 40 ? undefined : key;
  return {
    path: shown === undefined ? path : [...path, shown],
    problem: shown === undefined ? 'a key is not known here' : `\`${shown}\` is not known here`,
    fix:
      meant === undefined ? `remove it; known here: ${known.join(', ')}` : `did you mean \`${meant}\`? Else remove it`,
  };
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
