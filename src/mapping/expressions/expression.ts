import type { ASTNode, Environment, ParseResult } from '@marcbachmann/cel-js';
import type { DocumentPath } from '../../domain/document-path.ts';
import { closestWord } from '../../domain/document-keys.ts';
import type { Reporter } from '../document/problem.ts';
import { MAX_EXPRESSION } from '../document/schema.ts';
import type { MappingSource } from '../mapping.ts';
import { fieldsOfGroup, SOURCE_GROUPS } from '../source/catalogue.ts';
import type { ValueType } from '../source/value.ts';
import { refuseCostly } from './cost.ts';
import { evaluateParsed, type Evaluated } from './evaluate.ts';
import { openEnvironment } from './environment.ts';
import { celView } from './view.ts';

/** A checked expression. */
interface Expression {
  readonly type: ValueType;
  /** Groups of the source that it reads. */
  readonly reads: ReadonlySet<string>;
  /** Never throws. */
  readonly evaluate: (source: MappingSource) => Evaluated;
}

/** Compiles expressions. Kept for a document: what expressions are evaluated on is made once per conversation. */
export interface ExpressionCompiler {
  /** Undefined, and problems reported, for what is no expression, could run long, or does not fit the source. */
  readonly compile: (text: string, path: DocumentPath, report: Reporter) => Expression | undefined;
}

/** A compiler of its own; making one takes some milliseconds. */
export function openExpressionCompiler(): ExpressionCompiler {
  const environment = openEnvironment();
  const views = new WeakMap<MappingSource, Readonly<Record<string, unknown>>>();
  const viewOf = (source: MappingSource) => {
    const view = views.get(source) ?? celView(source);
    views.set(source, view);
    return view;
  };
  return {
    compile: (text, path, report) => {
      const parsed = parse(environment, text, path, report);
      if (parsed === undefined) return undefined;
      const type = checkedType(parsed, text, path, report);
      if (type === undefined) return undefined;
      return { type, reads: groupsIn(parsed.ast), evaluate: (source) => evaluateParsed(parsed, viewOf(source)) };
    },
  };
}

const LANGUAGE = 'write it in CEL, as in `conversation.status == "missed" ? "No answer" : "Connected"`';

function parse(environment: Environment, text: string, path: DocumentPath, report: Reporter): ParseResult | undefined {
  if (text.length > MAX_EXPRESSION) {
    report.problem(path, 'the expression is too long', `write it in at most ${MAX_EXPRESSION} characters`);
    return undefined;
  }
  try {
    return environment.parse(text);
  } catch (error) {
    report.problem(path, `the expression cannot be read: ${summaryOf(error)}`, LANGUAGE);
    return undefined;
  }
}

function checkedType(parsed: ParseResult, text: string, path: DocumentPath, report: Reporter): ValueType | undefined {
  const refusal = refuseCostly(parsed.ast);
  if (refusal !== undefined) {
    report.problem(path, `${quote(text, refusal.start, refusal.end)}: ${refusal.reason}`, refusal.fix);
    return undefined;
  }
  const checked = parsed.check();
  if (!checked.valid) {
    const summary = summaryOf(checked.error);
    report.problem(path, `the expression does not fit the source: ${summary}`, suggestion(summary));
    return undefined;
  }
  const type = RESULT_TYPES[checked.type ?? ''];
  if (type !== undefined) return type;
  report.problem(
    path,
    `the expression gives ${checked.type ?? 'nothing'}, which no field takes`,
    'let it give a text, a number, yes/no, a time or a list of texts',
  );
  return undefined;
}

const RESULT_TYPES: Readonly<Record<string, ValueType>> = {
  string: 'text',
  bool: 'boolean',
  int: 'number',
  uint: 'number',
  double: 'number',
  'google.protobuf.Timestamp': 'instant',
  'list<string>': 'list',
  list: 'list',
  dyn: 'any',
};

/** The library's own words, without the picture of the text that it draws below them. */
function summaryOf(error: unknown): string {
  const summary: unknown = error instanceof Error && 'summary' in error ? error.summary : undefined;
  return typeof summary === 'string' ? summary : 'it is not understood';
}

function suggestion(summary: string): string {
  const wrong = /^(?:No such key|Unknown variable): (\w+)$/.exec(summary)?.[1];
  if (wrong === undefined) return `${LANGUAGE}; \`string()\`, \`double()\` and \`int()\` change types`;
  const known = [...SOURCE_GROUPS, ...SOURCE_GROUPS.flatMap((group) => fieldsOfGroup(group).map(({ name }) => name))];
  const meant = closestWord(wrong, known);
  return meant === undefined ? `the source has: ${SOURCE_GROUPS.join(', ')}, raw` : `did you mean \`${meant}\`?`;
}

function quote(text: string, start: number, end: number): string {
  const part = text.slice(start, Math.min(end, start + 60));
  return `\`${part}\``;
}

/** Names the expression reads, at whatever depth. */
function groupsIn(ast: ASTNode): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    else if (isNode(node)) {
      if (node.op === 'id') found.add(node.args);
      else visit(node.args);
    }
  };
  visit(ast);
  return found;
}

function isNode(value: unknown): value is ASTNode {
  return typeof value === 'object' && value !== null && 'op' in value && 'args' in value;
}
