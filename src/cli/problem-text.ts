import type { ConfigurationProblem } from '../admin/services/configuration-problem.ts';

/** A mistake in a file that somebody wrote: where, what, and what would be right. */
export function problemText({ path, line, problem, fix }: ConfigurationProblem): string {
  const place = [...(line === undefined ? [] : [`line ${line}`]), ...(path === '' ? [] : [path])].join(', ');
  return `✗ ${place === '' ? 'the file' : place}: ${problem}\n  fix: ${fix}`;
}
