import { LEDGER_TRANSITIONS } from '../../src/domain/ledger.ts';
import { REASONS } from '../../src/domain/reasons.ts';
import { documentEnvironment } from '../../src/runtime/environment.ts';

const WHO: Readonly<Record<string, string>> = {
  nobody: '-',
  sales_ops: 'sales ops',
  crm_admin: 'the CRM admin',
  operator: 'the operator',
};

/** The reference page, made from the schemas that the program itself uses. */
export function referencePage(): string {
  return [
    '# Reference',
    '',
    'Made from the code by `npm run docs`; a test fails when it is out of date.',
    '',
    '## Environment',
    '',
    table(
      ['variable', 'default', 'what it is'],
      documentEnvironment().map((entry) => [
        `\`${entry.variable}\``,
        entry.default === undefined ? '-' : `\`${entry.default}\``,
        entry.description,
      ]),
    ),
    '',
    '## Ledger states',
    '',
    'Every conversation x connection is in exactly one.',
    '',
    table(
      ['state', 'may become'],
      Object.entries(LEDGER_TRANSITIONS).map(([state, next]) => [
        `\`${state}\``,
        next.map((each) => `\`${each}\``).join(', '),
      ]),
    ),
    '',
    '## Reasons',
    '',
    table(
      ['reason', 'state', 'what it means', 'who acts', 'how'],
      Object.entries(REASONS).map(([code, { state, means, who, action }]) => [
        `\`${code}\``,
        `\`${state}\``,
        means,
        WHO[who] ?? who,
        action === '' ? '-' : action,
      ]),
    ),
    '',
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
