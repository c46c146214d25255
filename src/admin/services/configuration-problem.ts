import { pathText, type DocumentPath } from '../../domain/document-path.ts';

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
export type ConfigurationPath = DocumentPath;

export { pathText };

/** A path with every position and every agent left open, as rules are written for it: `tenants[].name`. */
export function pathPattern(path: ConfigurationPath): string {
  const open = path.map((step, index) => (path[index - 1] === 'agents' ? '*' : step));
  return pathText(open).replaceAll(/\[\d+\]/g, '[]');
}

/** The keys and positions of a path as people write it; the other way round than `pathText`. */
export function pathOf(text: string): ConfigurationPath {
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([step, position]) =>
    position === undefined ? step : Number(position),
  );
}
