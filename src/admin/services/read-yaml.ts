import { LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml';
import type { ConfigurationPath, ConfigurationProblem } from './configuration-problem.ts';
import { yamlProblem } from './yaml-problem.ts';

/** The line of a part of the file, or of the nearest part around it that is there. */
export type LineOf = (path: ConfigurationPath) => number | undefined;

/** A YAML file as plain values, or everything that keeps it from being YAML. */
export type ReadYaml =
  | { readonly kind: 'read'; readonly value: unknown; readonly lineOf: LineOf }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigurationProblem[] };

/** Reads a file in YAML or JSON. Pure; nothing out of the file is repeated in a problem. */
export function readYaml(text: string): ReadYaml {
  const lines = new LineCounter();
  // Without pretty errors: they quote the file, and a quoted line may be a secret that was typed in by mistake.
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults: readonly YAMLError[] = [...document.errors, ...document.warnings];
  if (faults.length > 0) return { kind: 'invalid', problems: firstPerLine(faults, lines) };
  const dangling = danglingAliases(document, lines);
  if (dangling.length > 0) return { kind: 'invalid', problems: dangling };
  const read = readPlain(document);
  if (read.kind === 'refused') return { kind: 'invalid', problems: [read.problem] };
  return { kind: 'read', value: read.value, lineOf: linesOf(document, lines) };
}

/** One slip of the pen makes the parser stumble several times; its first complaint is about the slip. */
function firstPerLine(faults: readonly YAMLError[], lines: LineCounter): readonly ConfigurationProblem[] {
  const problems = new Map<number, ConfigurationProblem>();
  for (const { code, pos } of faults) {
    const { line } = lines.linePos(pos[0]);
    if (!problems.has(line)) problems.set(line, yamlProblem(code, line));
  }
  return [...problems.values()];
}

/** The library finds an alias without its anchor only while it builds the values, and then says no place. */
function danglingAliases(document: Document, lines: LineCounter): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  visit(document, {
    Alias(_key, alias) {
      if (alias.resolve(document) !== undefined) return;
      problems.push(yamlProblem('BAD_ALIAS', lines.linePos(alias.range?.[0] ?? 0).line));
    },
  });
  return problems;
}

type PlainRead =
  | { readonly kind: 'read'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly problem: ConfigurationProblem };

/** Aliases that multiply beyond the library's bound make it throw: that is the file's fault, and a problem like others. */
function readPlain(document: Document): PlainRead {
  try {
    return { kind: 'read', value: document.toJS() as unknown };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    const problem = 'aliases (`*name`) refer to each other too often';
    return { kind: 'refused', problem: { path: '', line: undefined, problem, fix: 'write the parts out in full' } };
  }
}

function linesOf(document: Document, lines: LineCounter): LineOf {
  return (path) => {
    for (let length = path.length; length >= 0; length--) {
      const offset = offsetOf(document, path.slice(0, length));
      if (offset !== undefined) return lines.linePos(offset).line;
    }
    return undefined;
  };
}

function offsetOf(document: Document, path: ConfigurationPath): number | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}
