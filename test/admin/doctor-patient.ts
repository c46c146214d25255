import type { CallContext } from '../../connectors/connector.ts';
import { createBudgets } from '../../src/delivery/budget.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import type { CrmFailure, Finding } from '../../src/domain/crm.ts';
import { examineConnections, type DoctorDependencies, type DoctorReport } from '../../src/admin/services/doctor.ts';
import type { DoctorFinding } from '../../src/admin/services/doctor-finding.ts';
import { connectionId, type TestStore } from '../store/open-test-store.ts';

/** Both outside worlds of a connection as the doctor meets them, all well unless a test says otherwise. */
export type Patient = Pick<DoctorDependencies, 'reach' | 'firstPageFor'> & {
  readonly check: (context: CallContext) => Promise<readonly Finding[]>;
  readonly provision: () => ReturnType<ReturnType<DoctorDependencies['connectorFor']>['provision']>;
  readonly findOwners: ReturnType<DoctorDependencies['connectorFor']>['findOwners'];
  readonly listTenants: ReturnType<DoctorDependencies['sourceFor']>['listTenants'];
};

const ALL_WELL: Patient = {
  reach: () => Promise.resolve({ kind: 'answered' }),
  check: () => Promise.resolve([finding('ok', 'token_valid', 'HubSpot takes the token.')]),
  provision: () => Promise.resolve({ kind: 'ready', created: [] }),
  findOwners: (queries) => Promise.resolve(queries.map(() => ({ kind: 'active', ownerId: '1' }))),
  listTenants: () => Promise.resolve({ kind: 'found', value: [{ id: 'ten_acme', raw: {} }] }),
  firstPageFor: () => Promise.resolve({ kind: 'page', page: { conversations: [], rejected: { count: 0, items: [] } } }),
};

export function finding(severity: Finding['severity'], code: string, what: string, fix = ''): Finding {
  return { severity, code, what, fix, fixable: false };
}

export function refusal(disposition: CrmFailure['disposition'], code: string, vendorText: string): CrmFailure {
  return { disposition, code, status: 400, retryAfterMs: undefined, field: undefined, vendorText };
}

/** Lets the doctor look; on a real store, at scripted outside worlds. */
export function examine(
  { store }: TestStore,
  now: Date,
  patient: Partial<Patient> = {},
  request: { readonly connection?: string; readonly fix?: boolean } = {},
) {
  const { reach, check, provision, findOwners, listTenants, firstPageFor } = { ...ALL_WELL, ...patient };
  const { connections, tenants, secrets, inbox } = store;
  return examineConnections(
    {
      connectionId: request.connection === undefined ? undefined : connectionId(request.connection),
      fix: request.fix === true,
    },
    {
      connections,
      tenants,
      secrets,
      inbox,
      connectorFor: () => ({ check, provision, findOwners, quota: () => [] }),
      budgetFor: createBudgets({
        store,
        policy: DELIVERY_POLICY.budget,
        now: () => now,
        events: { spent: () => undefined },
      }),
      sourceFor: () => ({ listTenants }),
      reach,
      firstPageFor,
      intakeUrl: 'https://sync.example.com',
      now: () => now,
    },
  );
}

/** The same for a request that names no connection or a known one. */
export async function report(...asked: Parameters<typeof examine>): Promise<DoctorReport> {
  const result = await examine(...asked);
  if (result.kind !== 'examined') throw new Error('the doctor knows no such connection');
  return result;
}

/** The codes of what is not well, in the doctor's order. */
export function complaints({ connections }: DoctorReport): readonly string[] {
  return connections.flatMap(({ findings }) => findings.filter(isComplaint).map(({ code }) => code));
}

export function findingOf({ connections }: DoctorReport, code: string): DoctorFinding {
  const found = connections.flatMap(({ findings }) => findings).find((one) => one.code === code);
  if (found === undefined) throw new Error(`the doctor did not find ${code}`);
  return found;
}

function isComplaint({ severity }: Finding): boolean {
  return severity !== 'ok';
}
