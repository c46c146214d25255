import type { Finding } from '../../domain/crm.ts';

/** Which part of a connection was looked at. */
export type DoctorArea = 'connection' | 'crm' | 'personadesk' | 'webhooks';

/** One thing the doctor looked at, and where it belongs. Free of personal data and of secrets. */
export interface DoctorFinding extends Finding {
  readonly area: DoctorArea;
}

/** All is well with this part. */
export function sound(area: DoctorArea, code: string, what: string): DoctorFinding {
  return { area, severity: 'ok', code, what, fix: '', fixable: false };
}

/** Worth knowing; conversations still get through, or wait for something that passes by itself. */
export function warning(area: DoctorArea, code: string, what: string, fix: string): DoctorFinding {
  return { area, severity: 'warning', code, what, fix, fixable: false };
}

/** Conversations do not get through until a person has acted. */
export function fault(area: DoctorArea, code: string, what: string, fix: string): DoctorFinding {
  return { area, severity: 'error', code, what, fix, fixable: false };
}

const ORDER: Readonly<Record<Finding['severity'], number>> = { error: 0, warning: 1, ok: 2 };

/** What must be done comes first; otherwise the order in which things were looked at. */
export function worstFirst(findings: readonly DoctorFinding[]): readonly DoctorFinding[] {
  return findings.toSorted((a, b) => ORDER[a.severity] - ORDER[b.severity]);
}

export function countOf(findings: readonly Finding[], severity: Finding['severity']): number {
  return findings.filter((finding) => finding.severity === severity).length;
}
