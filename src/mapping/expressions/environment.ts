import { Environment } from '@marcbachmann/cel-js';
import { words } from '../plain-description.ts';
import { firstSentence } from '../text.ts';
import { CelMessage, GROUP_TYPES } from './view.ts';

/** The language as mappings have it: the source's fields, a few functions of ours, and tight limits. */
export function openEnvironment(): Environment {
  const environment = new Environment({
    limits: { maxAstNodes: 400, maxDepth: 24, maxListElements: 100, maxMapEntries: 100, maxCallArguments: 8 },
  });
  environment.registerType('Message', { ctor: CelMessage, fields: { role: 'string', text: 'string' } });
  for (const { name, ctor, fields } of GROUP_TYPES) {
    environment.registerType(typeName(name), { ctor, fields: { ...fields } });
    environment.registerVariable(name, typeName(name));
  }
  environment.registerVariable('raw', 'map<string, dyn>');
  environment.registerFunction('string.words(): string', (text: string) => words(text) ?? '');
  environment.registerFunction('string.firstSentence(): string', firstSentence);
  environment.registerFunction('string.replace(string, string): string', (text: string, old: string, other: string) =>
    text.replaceAll(old, () => other),
  );
  environment.registerFunction('round(double): int', (value: number) => BigInt(Math.round(value)));
  registerMixedArithmetic(environment);
  return environment;
}

/** `conversation.durationSeconds / 60`: CEL itself would want `60.0`, which nobody expects. */
function registerMixedArithmetic(environment: Environment): void {
  for (const [operator, calculate] of ARITHMETIC) {
    const apply = (left: number | bigint, right: number | bigint) => calculate(Number(left), Number(right));
    environment.registerOperator(`double ${operator} int`, apply);
    environment.registerOperator(`int ${operator} double`, apply);
  }
  environment.registerOperator('double == int', (left: number, right: bigint) => left === Number(right));
}

const ARITHMETIC: readonly (readonly [string, (left: number, right: number) => number])[] = [
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
];

function typeName(group: string): string {
  return group.charAt(0).toUpperCase() + group.slice(1);
}
