/** One thing that keeps a configuration file from being applied. Never holds a value out of the file. */
export interface ConfigurationProblem {
  /** `tenants[0].connections[1].baseUrl`; empty for the file as a whole. */
  readonly path: string;
  /** First line of the part at fault, counted from 1; undefined when it has no place in the file. */
  readonly line: number | undefined;
  /** What is wrong. */
  readonly problem: string;
  /** What would be right. */
  readonly fix: string;
}

/** Keys and positions that lead to a part of the file. */
export type ConfigurationPath = readonly (string | number)[];

/** A path as people write it: `tenants[0].name`. */
export function pathText(path: ConfigurationPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/** A path with every position left open, as rules are written for it: `tenants[].name`. */
export function pathPattern(path: ConfigurationPath): string {
  return pathText(path).replaceAll(/\[\d+\]/g, '[]');
}
