import type { ASTNode } from '@marcbachmann/cel-js';
import { sourceField } from '../source/catalogue.ts';
import {
  eitherBound,
  FIELD_TEXT,
  listBound,
  MESSAGES,
  RAW,
  SCALAR,
  sumBound,
  textBound,
  TEXTS,
  type Bound,
} from './bound.ts';
import { Refused, refused, unknown, type Refusal } from './refusal.ts';
import { CHARACTERS_PER_STEP, GLOBAL_FUNCTIONS, macroBound, MACROS, METHODS } from './functions.ts';

/** Steps an expression may take at most; some milliseconds. */
const MAX_STEPS = 100_000;
/** Characters and entries that any value in it may have at most. */
const MAX_TOTAL = 500_000;

interface Cost {
  readonly steps: number;
  readonly bound: Bound;
}

/** What the names of the lists that macros run over stand for. */
type Scope = ReadonlyMap<string, Bound>;

/**
 * Refuses what could run long or grow large on any conversation, before it ever runs: every call must be to a function
 * that we know the cost of, and the most steps that all of it may take stay below what is allowed.
 */
export function refuseCostly(ast: ASTNode): Refusal | undefined {
  try {
    const { steps } = costOf(ast, new Map());
    if (steps <= MAX_STEPS) return undefined;
    return {
      reason: `on a long conversation it could take ${Math.ceil(steps / MAX_STEPS)} times as long as is allowed`,
      fix: 'do not put one list function into another, and shorten texts with `substring` first',
      start: ast.start,
      end: ast.end,
    };
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
}

function costOf(node: ASTNode, scope: Scope): Cost {
  const cost = nodeCost(node, scope);
  if (cost.bound.total > MAX_TOTAL) {
    throw refused(node, 'this part could grow very large', 'cut texts with `substring` before you put them together');
  }
  return cost;
}

function nodeCost(node: ASTNode, scope: Scope): Cost {
  switch (node.op) {
    case 'value':
      return { steps: 1, bound: typeof node.args === 'string' ? textBound(node.args.length) : SCALAR };
    case 'id':
      return { steps: 1, bound: scope.get(node.args) ?? (node.args === 'raw' ? RAW : SCALAR) };
    case '.':
      return { steps: 1 + costOf(node.args[0], scope).steps, bound: memberBound(node, scope) };
    case '[]':
      return access(node.args, scope);
    case 'call':
      return call(node, scope);
    case 'rcall':
      return MACROS.has(node.args[0]) ? macro(node, scope) : method(node, scope);
    case 'list':
      return collection(node.args, scope);
    case 'map':
      return collection(node.args.flat(), scope);
    case '?:': {
      const [condition, yes, no] = node.args.map((part) => costOf(part, scope));
      return combine([condition, yes, no], eitherBound(boundOf(yes), boundOf(no)));
    }
    case '!_':
    case '-_':
      return combine([costOf(node.args, scope)], SCALAR);
    case '+': {
      const [left, right] = node.args.map((part) => costOf(part, scope));
      const cost = combine([left, right], sumBound(boundOf(left), boundOf(right)));
      // Texts are joined in one step, lists are copied.
      return { ...cost, steps: cost.steps + (cost.bound.entry === undefined ? 0 : cost.bound.size) };
    }
    case '.?':
    case '[?]':
      throw refused(node, 'this way of reading a field is not available', 'use `has(raw.field) ? raw.field : ""`');
    case '-':
    case '*':
    case '/':
    case '%':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '&&':
    case '||':
    case 'in':
      return comparison(node.args, scope);
  }
}

/** The smaller of two values bounds what has to be looked at; an entry is looked for in all of a list. */
function comparison(operands: readonly ASTNode[], scope: Scope): Cost {
  const costs = operands.map((operand) => costOf(operand, scope));
  const totals = costs.map(({ bound }) => bound.total);
  const compared = costs.some(({ bound }) => bound.entry !== undefined) ? Math.max(...totals) : Math.min(...totals);
  const cost = combine(costs, SCALAR);
  return { ...cost, steps: cost.steps + compared / CHARACTERS_PER_STEP };
}

function access([list, index]: readonly [ASTNode, ASTNode], scope: Scope): Cost {
  const from = costOf(list, scope);
  return combine([from, costOf(index, scope)], from.bound.entry ?? SCALAR);
}

function memberBound(node: Extract<ASTNode, { op: '.' }>, scope: Scope): Bound {
  const [owner, name] = node.args;
  if (owner.op !== 'id' || scope.has(owner.args) || owner.args === 'raw')
    return costOf(owner, scope).bound.entry ?? SCALAR;
  if (owner.args === 'messages' && name === 'all') return MESSAGES;
  switch (sourceField(`${owner.args}.${name}`)?.type) {
    case 'text':
    case 'instant':
      return textBound(FIELD_TEXT);
    case 'list':
      return TEXTS;
    case 'number':
    case 'boolean':
    case undefined:
      return SCALAR;
  }
}

function call(node: Extract<ASTNode, { op: 'call' }>, scope: Scope): Cost {
  const [name, args] = node.args;
  const rule = GLOBAL_FUNCTIONS.get(name);
  if (rule === undefined) throw unknown(node, name, [...GLOBAL_FUNCTIONS.keys()]);
  return charged(
    args.map((argument) => costOf(argument, scope)),
    rule,
  );
}

function method(node: Extract<ASTNode, { op: 'rcall' }>, scope: Scope): Cost {
  const [name, receiver, args] = node.args;
  const rule = METHODS.get(name);
  if (rule === undefined) throw unknown(node, name, [...METHODS.keys(), ...MACROS]);
  return charged(
    [receiver, ...args].map((argument) => costOf(argument, scope)),
    rule,
  );
}

function charged(args: readonly Cost[], rule: NonNullable<ReturnType<typeof METHODS.get>>): Cost {
  const { steps, bound } = rule(args.map((argument) => argument.bound));
  return { steps: steps + sum(args), bound };
}

function macro(node: Extract<ASTNode, { op: 'rcall' }>, scope: Scope): Cost {
  const [name, receiver, [variable, ...bodies]] = node.args;
  const list = costOf(receiver, scope);
  const inner = new Map(scope);
  if (variable?.op === 'id') inner.set(variable.args, list.bound.entry ?? SCALAR);
  const costs = bodies.map((body) => costOf(body, inner));
  const rounds = list.bound.size;
  return { steps: list.steps + rounds * (2 + sum(costs)), bound: macroBound(name, list.bound, boundOf(costs.at(-1))) };
}

function collection(nodes: readonly ASTNode[], scope: Scope): Cost {
  const costs = nodes.map((node) => costOf(node, scope));
  const entry = costs.map(boundOf).reduce(eitherBound, SCALAR);
  return combine(costs, listBound(nodes.length, entry));
}

function combine(costs: readonly (Cost | undefined)[], bound: Bound): Cost {
  return { steps: 1 + sum(costs), bound };
}

function sum(costs: readonly (Cost | undefined)[]): number {
  return costs.reduce((total, cost) => total + (cost?.steps ?? 0), 0);
}

function boundOf(cost: Cost | undefined): Bound {
  return cost?.bound ?? SCALAR;
}
