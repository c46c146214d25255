import type { DocumentPath } from '../../domain/document-path.ts';
import { closestWord } from '../../domain/document-keys.ts';
import type { Reporter } from './problem.ts';
import { plainTransformSchema, type PlainTransform } from './transform-schema.ts';

/** A piece of a template: words, or a value with what is done to it. */
export type TemplatePart =
  | { readonly kind: 'words'; readonly text: string }
  | { readonly kind: 'value'; readonly path: string; readonly transforms: readonly PlainTransform[] };

/** What the one argument of a transform stands for, as in `{{ caller.name | truncate: 40 }}`. */
const ARGUMENTS: Readonly<Record<string, string | undefined>> = {
  trim: undefined,
  case: 'to',
  words: undefined,
  first_sentence: undefined,
  phone: 'as',
  email: undefined,
  url: undefined,
  date: 'zone',
  date_time: 'as',
  number: 'decimals',
  duration: 'to',
  join: 'with',
  pick: 'position',
  default: 'value',
  truncate: 'max',
  plain_text: undefined,
};

const EXAMPLE = 'write values as `{{conversation.id}}` or `{{caller.name | truncate: 40}}`';

/** Reads a template; undefined, and problems reported, when it is none. */
export function parseTemplate(text: string, path: DocumentPath, report: Reporter): readonly TemplatePart[] | undefined {
  const parts: TemplatePart[] = [];
  let sound = true;
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    if (open > at || open < 0) parts.push({ kind: 'words', text: text.slice(at, open < 0 ? undefined : open) });
    if (open < 0) break;
    const close = text.indexOf('}}', open);
    const inner = close < 0 ? undefined : text.slice(open + 2, close);
    const part = inner === undefined ? undefined : parseValue(inner, path, report);
    if (inner === undefined) unclosed(open, path, report);
    if (part === undefined) sound = false;
    else parts.push(part);
    at = close < 0 ? text.length : close + 2;
  }
  if (!sound) return undefined;
  if (parts.some(({ kind }) => kind === 'value')) return parts;
  report.problem(path, 'the template holds no value', `use \`constant\` for a fixed text, or ${EXAMPLE}`);
  return undefined;
}

function unclosed(open: number, path: DocumentPath, report: Reporter): void {
  report.problem(path, `\`{{\` at character ${open + 1} is never closed by \`}}\``, EXAMPLE);
}

function parseValue(inner: string, path: DocumentPath, report: Reporter): TemplatePart | undefined {
  const [valuePath = '', ...pipes] = splitPipes(inner);
  if (!/^[A-Za-z][\w.-]*$/.test(valuePath)) {
    report.problem(path, `\`{{${inner.slice(0, 60)}}}\` does not begin with a path`, EXAMPLE);
    return undefined;
  }
  const transforms = pipes.map((pipe) => parsePipe(pipe, path, report));
  const sound = transforms.filter((transform) => transform !== undefined);
  return sound.length === pipes.length ? { kind: 'value', path: valuePath, transforms: sound } : undefined;
}

/** Cuts at `|`, but not inside quotation marks. */
function splitPipes(inner: string): readonly string[] {
  return [...inner.matchAll(/(?:"[^"]*"|[^|"]|")+/g)].map(([part]) => part.trim());
}

function parsePipe(pipe: string, path: DocumentPath, report: Reporter): PlainTransform | undefined {
  const colon = pipe.indexOf(':');
  const use = (colon < 0 ? pipe : pipe.slice(0, colon)).trim();
  if (!Object.hasOwn(ARGUMENTS, use)) {
    const meant = closestWord(use, Object.keys(ARGUMENTS));
    const known = `known in templates: ${Object.keys(ARGUMENTS).join(', ')}`;
    report.problem(
      path,
      `\`${use}\` is no transform of a template`,
      meant === undefined ? known : `did you mean \`${meant}\`?`,
    );
    return undefined;
  }
  const argument = ARGUMENTS[use];
  const given = colon < 0 ? {} : { [argument ?? 'argument']: literal(pipe.slice(colon + 1).trim()) };
  const parsed = plainTransformSchema.safeParse({ use, ...given });
  if (parsed.success) return parsed.data;
  const fix =
    argument === undefined ? `write \`| ${use}\` without an argument` : `write \`| ${use}: ...\`, its \`${argument}\``;
  report.problem(path, `\`${pipe.slice(0, 60)}\` is not understood`, fix);
  return undefined;
}

function literal(text: string): string | number {
  const quoted = /^"([^"]*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return quoted;
  return /^-?\d{1,7}$/.test(text) ? Number(text) : text;
}
