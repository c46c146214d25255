import { StoreError } from '../../store/store-error.ts';
import { fault, type DoctorArea, type DoctorFinding } from './doctor-finding.ts';

/**
 * What stopped a look before its end, as a finding: one connection must not hide the others. The message of an unknown
 * error stays out, because it may quote what was answered.
 *
 * @throws StoreError when it was our own database that went away.
 */
export function stoppedLook(area: 'crm' | 'personadesk', error: unknown): DoctorFinding {
  if (error instanceof StoreError) throw error;
  return fault(
    area,
    'check_stopped',
    `The look at ${NAME[area]} stopped before its end (${codeOf(error)}).`,
    `An operator checks ${SETTINGS[area]}; if they are right, the code is worth a report.`,
  );
}

const NAME = { crm: 'the CRM', personadesk: 'PersonaDesk' } as const satisfies Partial<Record<DoctorArea, string>>;
const SETTINGS = {
  crm: '`baseUrl` and `credentials` of the connection',
  personadesk: '`personadesk.baseUrl` and `personadesk.apiKey`',
} as const satisfies Partial<Record<DoctorArea, string>>;

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code: unknown = 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[\w.-]{1,64}$/.test(code) ? code : error.name;
}
