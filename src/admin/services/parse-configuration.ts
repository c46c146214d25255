import { configurationSchema, type Configuration } from '../../domain/configuration.ts';
import { explainIssue } from './configuration-issue.ts';
import { pathText, type ConfigurationProblem } from './configuration-problem.ts';
import { mappingProblems } from './mapping-problems.ts';
import { readYaml, type LineOf } from './read-yaml.ts';

export type { LineOf } from './read-yaml.ts';

/** What a configuration file turned out to be. */
export type ParsedConfiguration =
  | { readonly kind: 'valid'; readonly configuration: Configuration; readonly lineOf: LineOf }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigurationProblem[] };

/**
 * Reads a configuration file and judges it by the one schema of the configuration, and its mappings by theirs. Pure; all
 * problems are reported at once, each with its line.
 */
export function parseConfiguration(text: string): ParsedConfiguration {
  const read = readYaml(text);
  if (read.kind === 'invalid') return read;
  const result = configurationSchema.safeParse(read.value);
  const issues = result.success ? [] : result.error.issues.flatMap((issue) => explainIssue(issue, read.value));
  const problems = [...issues, ...mappingProblems(read.value)].map(({ path, problem, fix }) => ({
    path: pathText(path),
    line: read.lineOf(path),
    problem,
    fix,
  }));
  return result.success && problems.length === 0
    ? { kind: 'valid', configuration: result.data, lineOf: read.lineOf }
    : { kind: 'invalid', problems };
}
