import type { ConnectionId } from '../../domain/ids.ts';
import { counted } from '../wording.ts';
import { countOf, type DoctorArea, type DoctorFinding } from './doctor-finding.ts';

/** The answer for one connection in words, e.g. "acme-hubspot can be written to. 1 warning." Pure. */
export function connectionAnswer(id: ConnectionId, findings: readonly DoctorFinding[]): string {
  const isBroken = (...areas: readonly DoctorArea[]) =>
    findings.some(({ severity, area }) => severity === 'error' && areas.includes(area));
  const sentences = [
    isBroken('connection', 'crm') ? `${id} cannot be written to.` : `${id} can be written to${heldBack(findings)}.`,
    ...(isBroken('personadesk') ? ['PersonaDesk cannot be read.'] : []),
    ...(isBroken('webhooks') ? ['Webhooks cannot be verified.'] : []),
    ...tally(findings),
  ];
  return sentences.join(' ');
}

/** What the overall answer is made of. */
interface Answered {
  readonly connectionId: ConnectionId;
  readonly answer: string;
  readonly findings: readonly DoctorFinding[];
}

/** The answer for all connections that were looked at. Pure. */
export function overallAnswer(examined: readonly Answered[]): string {
  const [first] = examined;
  if (first === undefined) return 'No connection is configured yet.';
  if (examined.length === 1) return first.answer;
  const total = counted(examined.length, 'connection');
  const unwell = examined.filter(({ findings }) => countOf(findings, 'error') > 0);
  const named = unwell.map(({ connectionId }) => connectionId).join(', ');
  const sentence =
    unwell.length === 0
      ? `All ${total} can be written to.`
      : `${unwell.length} of ${total} ${unwell.length === 1 ? 'needs' : 'need'} a person: ${named}.`;
  return [sentence, ...tally(examined.flatMap(({ findings }) => findings))].join(' ');
}

function heldBack(findings: readonly DoctorFinding[]): string {
  const codes = new Set(findings.map(({ code }) => code));
  if (codes.has('connection_paused')) return ', but is paused';
  return codes.has('connection_parked') ? ', but is left alone for a while' : '';
}

function tally(findings: readonly DoctorFinding[]): readonly string[] {
  const counts = [
    { count: countOf(findings, 'error'), noun: 'error' },
    { count: countOf(findings, 'warning'), noun: 'warning' },
  ].filter(({ count }) => count > 0);
  return counts.length === 0 ? [] : [`${counts.map(({ count, noun }) => counted(count, noun)).join(', ')}.`];
}
