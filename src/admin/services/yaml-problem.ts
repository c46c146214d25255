import type { ErrorCode } from 'yaml';
import type { ConfigurationProblem } from './configuration-problem.ts';

interface Explanation {
  readonly problem: string;
  readonly fix: string;
}

const INDENTATION: Explanation = {
  problem: 'the indentation does not fit',
  fix: 'indent with spaces, two per level, and start the keys of one block in one column',
};

/** The parser's own messages quote the file; these say the same without its content. */
const EXPLANATIONS: Partial<Record<ErrorCode, Explanation>> = {
  BAD_INDENT: INDENTATION,
  TAB_AS_INDENT: { problem: 'a tab is used for indentation', fix: 'YAML is indented with spaces: replace the tab' },
  BLOCK_AS_IMPLICIT_KEY: INDENTATION,
  BLOCK_IN_FLOW: INDENTATION,
  DUPLICATE_KEY: { problem: 'a key stands twice in one block', fix: 'keep one of the two' },
  MULTIPLE_DOCS: { problem: 'the file holds several documents (`---`)', fix: 'keep one document per file' },
  BAD_ALIAS: {
    problem: 'an alias (`*name`) has no anchor',
    fix: 'define `&name` before it, or put the text into quotes',
  },
  TAG_RESOLVE_FAILED: {
    problem: 'a tag (`!name`) is not known here',
    fix: 'remove the tag, or put the text into quotes',
  },
  MISSING_CHAR: {
    problem: 'a quote, a bracket, a comma or a colon is missing',
    fix: 'close what was opened here or above; text that holds `: ` or `#` goes into quotes',
  },
  BAD_SCALAR_START: {
    problem: 'text starts with a character that has a meaning of its own',
    fix: 'put the text into quotes',
  },
  BAD_DQ_ESCAPE: { problem: 'an escape in double quotes is not known', fix: 'use single quotes, or write `\\\\`' },
  UNEXPECTED_TOKEN: {
    problem: 'something stands here that does not belong',
    fix: 'put text into quotes, or remove it',
  },
  MULTILINE_IMPLICIT_KEY: {
    problem: 'a key runs over several lines',
    fix: 'end the key with a colon on the same line; close quotes that were opened above',
  },
};

const OTHERWISE: Explanation = {
  problem: 'this is not valid YAML',
  fix: 'compare it with what `crm-sync export` prints',
};

/** Translates a fault that the YAML parser found, leaving out everything it quotes. */
export function yamlProblem(code: ErrorCode, line: number): ConfigurationProblem {
  return { path: '', line, ...(EXPLANATIONS[code] ?? OTHERWISE) };
}
