import type { Finding } from '../../domain/crm.ts';
import { table } from '../table.ts';
import type { DoctorReport, ExaminedConnection } from './doctor.ts';
import type { DoctorArea, DoctorFinding } from './doctor-finding.ts';

/** How bad a finding is, as icon and word: never by colour alone. */
export const SEVERITY_TEXT = {
  error: '✗ error',
  warning: '! warning',
  ok: '✓ ok',
} as const satisfies Readonly<Record<Finding['severity'], string>>;

const AREA_WORD: Readonly<Record<DoctorArea, string>> = {
  connection: 'connection',
  crm: 'CRM',
  personadesk: 'PersonaDesk',
  webhooks: 'webhooks',
};

/** A report as text: the answer, then a block for each connection. */
export function doctorBlocks({ answer, connections }: DoctorReport): readonly string[] {
  const [only] = connections;
  if (only !== undefined && connections.length === 1) return [answer, findingTable(only.findings)];
  return [answer, ...connections.map((one) => `${one.answer}\n${findingTable(one.findings)}`)];
}

function findingTable(findings: readonly DoctorFinding[]): string {
  const columns = [{ title: 'severity' }, { title: 'about' }, { title: 'what' }];
  return table(
    columns,
    findings.map(({ severity, area, what }) => [SEVERITY_TEXT[severity], AREA_WORD[area], what]),
  );
}

/**
 * Who does what, where: one line for each remedy, however many findings it ends.
 *
 * @param fixed whether what may be created was asked for already.
 */
export function doctorHints({ connections }: DoctorReport, fixed: boolean): readonly string[] {
  return connections.flatMap((one) => {
    const lines = new Set(remedies(one, fixed));
    return connections.length === 1 ? [...lines] : Array.from(lines, (line) => `${one.connectionId}: ${line}`);
  });
}

function remedies({ connectionId, findings }: ExaminedConnection, fixed: boolean): readonly string[] {
  const toDo = findings.filter(({ severity, fix }) => severity !== 'ok' && fix !== '');
  const creatable = !fixed && toDo.some(({ fixable }) => fixable);
  return [
    ...toDo.map(({ fix }) => fix),
    ...(creatable ? [`what may be created is created by: crm-sync doctor ${connectionId} --fix`] : []),
  ];
}
