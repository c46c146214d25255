import type { Connection } from '../../domain/connection.ts';
import type { CrmFailure, Disposition } from '../../domain/crm.ts';
import type { ConnectionBudget } from '../../delivery/budget.ts';
import type { DeliverDependencies } from '../../delivery/dependencies.ts';
import { fault, sound, type DoctorFinding } from './doctor-finding.ts';
import { examineOwners } from './examine-owners.ts';
import { stoppedLook } from './stopped-look.ts';

/** Whether anybody answers at an address, whatever the answer is. */
type Reach = { readonly kind: 'answered' } | { readonly kind: 'silent'; readonly code: string };

export interface CrmDependencies {
  readonly connectorFor: (
    connection: Connection,
  ) => Pick<ReturnType<DeliverDependencies['connectorFor']>, 'check' | 'provision' | 'findOwners' | 'quota'>;
  /** What it asks counts against the CRM's limits like everything else. */
  readonly budgetFor: (connection: Connection) => Promise<Pick<ConnectionBudget, 'gate' | 'settle'>>;
  /** Asks the CRM's base URL without credentials. */
  readonly reach: (connection: Connection, signal: AbortSignal) => Promise<Reach>;
}

export interface CrmExamination {
  readonly findings: readonly DoctorFinding[];
  /** What was created; undefined when nothing was to be created. */
  readonly created: readonly string[] | undefined;
}

/**
 * Looks at the CRM account as the integration user, after creating what may be created when that was asked for.
 *
 * @throws StoreError when our own database went away meanwhile; whatever else stops the look is a finding.
 */
export async function examineCrm(
  connection: Connection,
  { fix, signal }: { readonly fix: boolean; readonly signal: AbortSignal },
  dependencies: CrmDependencies,
): Promise<CrmExamination> {
  try {
    const reach = await dependencies.reach(connection, signal);
    if (reach.kind === 'silent') return { findings: [unreachable(reach.code)], created: undefined };
    return await look(connection, { fix, signal }, dependencies);
  } catch (error) {
    return { findings: [stoppedLook('crm', error)], created: undefined };
  }
}

async function look(
  connection: Connection,
  { fix, signal }: { readonly fix: boolean; readonly signal: AbortSignal },
  { connectorFor, budgetFor }: CrmDependencies,
): Promise<CrmExamination> {
  const connector = connectorFor(connection);
  const { gate, settle } = await budgetFor(connection);
  const context = { signal, gate };
  try {
    const provisioning = fix ? await connector.provision(context) : undefined;
    const checked = (await connector.check(context)).map((found) => ({ ...found, area: 'crm' as const }));
    const findings = [...checked, ...(await examineOwners(connector, connection.configuration, context))];
    if (provisioning?.kind === 'failed') {
      return { findings: [notCreated(provisioning.failure), ...findings], created: undefined };
    }
    return { findings, created: provisioning?.created };
  } finally {
    await settle({ trafficClass: 'live', conversations: 0, readings: connector.quota() });
  }
}

function unreachable(code: string): DoctorFinding {
  return fault(
    'crm',
    'crm_unreachable',
    `Nobody answers at the CRM's baseUrl (${code}).`,
    'An operator corrects `baseUrl` in the configuration, or lets this machine through to it.',
  );
}

function notCreated({ code, field, disposition }: CrmFailure): DoctorFinding {
  const where = field === undefined ? '' : `, ${field}`;
  return fault(
    'crm',
    'provision_failed',
    `What writing needs could not be created (${code}${where}).`,
    WHAT_TO_DO[disposition],
  );
}

const WHAT_TO_DO: Readonly<Record<Disposition, string>> = {
  retry: 'Nobody needs to act: run it again in a minute.',
  throttle: 'Nobody needs to act: run it again when the CRM allows.',
  reconnect: 'A CRM admin gives the integration user the right to create fields, or valid credentials.',
  fix_mapping: 'A CRM admin makes room for the field in the CRM, or removes the one that has its name.',
  fix_record: 'A CRM admin creates the field by hand.',
  resolve: 'A CRM admin looks at what has this name in the CRM already.',
  bug: 'An operator reports the code.',
};

/** What `--fix` did, as a finding. */
export function createdFinding(created: readonly string[]): DoctorFinding {
  return created.length === 0
    ? sound('crm', 'nothing_to_create', 'Nothing had to be created.')
    : sound('crm', 'created', `Created now: ${created.join(', ')}.`);
}
