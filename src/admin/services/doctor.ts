import type { Connection } from '../../domain/connection.ts';
import type { CrmKind } from '../../domain/crm.ts';
import type { ConnectionId, TenantId } from '../../domain/ids.ts';
import type { Store } from '../../store/store.ts';
import { connectionAnswer, overallAnswer } from './doctor-answer.ts';
import { countOf, worstFirst, type DoctorFinding } from './doctor-finding.ts';
import { createdFinding, examineCrm, type CrmDependencies } from './examine-crm.ts';
import { examinePersonaDesk, type PersonaDeskDependencies } from './examine-personadesk.ts';
import { examineSecrets } from './examine-secrets.ts';
import { examineState } from './examine-state.ts';
import { examineWebhooks, type WebhookDependencies } from './examine-webhooks.ts';

export interface DoctorRequest {
  /** Undefined for every connection. */
  readonly connectionId: ConnectionId | undefined;
  /** Create in the CRM what writing needs and may be created. */
  readonly fix: boolean;
}

export interface DoctorDependencies extends CrmDependencies, PersonaDeskDependencies, WebhookDependencies {
  readonly connections: Pick<Store['connections'], 'list'>;
  readonly tenants: Pick<Store['tenants'], 'get'>;
  readonly now: () => Date;
}

/** One connection as the doctor found it. */
export interface ExaminedConnection {
  readonly connectionId: ConnectionId;
  readonly tenantId: TenantId;
  readonly tenantName: string;
  readonly crm: CrmKind;
  /** The answer in words. */
  readonly answer: string;
  /** When the tenant's last webhook came in. */
  readonly lastEventAt: Date | undefined;
  /** What `fix` created in the CRM; undefined when nothing was to be created, or it failed. */
  readonly created: readonly string[] | undefined;
  /** The worst first. */
  readonly findings: readonly DoctorFinding[];
}

export interface DoctorReport {
  readonly kind: 'examined';
  /** The answer in words. */
  readonly answer: string;
  readonly at: Date;
  readonly errors: number;
  readonly warnings: number;
  /** By id. */
  readonly connections: readonly ExaminedConnection[];
}

export type DoctorResult = DoctorReport | { readonly kind: 'unknown_connection'; readonly connectionId: ConnectionId };

/** Connections that are looked at side by side; each makes some twenty requests, mostly one after the other. */
const AT_ONCE = 4;
/** For one side of one connection. */
const DEADLINE_MS = 60_000;

/**
 * Looks at one connection or all of them: their secrets, both APIs as we are let in, and the way in for webhooks. Changes
 * nothing unless `fix` is asked for, and then only by the connector's own `provision`.
 */
export async function examineConnections(
  request: DoctorRequest,
  dependencies: DoctorDependencies,
): Promise<DoctorResult> {
  const { connectionId, fix } = request;
  const known = await dependencies.connections.list();
  const wanted = connectionId === undefined ? known : known.filter(({ id }) => id === connectionId);
  if (connectionId !== undefined && wanted.length === 0) return { kind: 'unknown_connection', connectionId };
  const connections: ExaminedConnection[] = [];
  for (let start = 0; start < wanted.length; start += AT_ONCE) {
    const group = wanted.slice(start, start + AT_ONCE);
    connections.push(...(await Promise.all(group.map((connection) => examine(connection, fix, dependencies)))));
  }
  const findings = connections.flatMap((examined) => examined.findings);
  return {
    kind: 'examined',
    answer: overallAnswer(connections),
    at: dependencies.now(),
    errors: countOf(findings, 'error'),
    warnings: countOf(findings, 'warning'),
    connections,
  };
}

async function examine(
  connection: Connection,
  fix: boolean,
  dependencies: DoctorDependencies,
): Promise<ExaminedConnection> {
  const tenant = await dependencies.tenants.get(connection.tenantId);
  if (tenant === undefined) throw new Error('a connection belongs to a tenant');
  const now = dependencies.now();
  const missing = Object.groupBy(await examineSecrets(connection, tenant, dependencies.secrets), ({ area }) => area);
  const [crm, personaDesk, webhooks] = await Promise.all([
    // Without the secret every request would fail for the same reason, said less clearly.
    missing.crm === undefined
      ? examineCrm(connection, { fix, signal: AbortSignal.timeout(DEADLINE_MS) }, dependencies)
      : { findings: missing.crm, created: undefined },
    missing.personadesk ?? examinePersonaDesk(connection, AbortSignal.timeout(DEADLINE_MS), dependencies),
    examineWebhooks(tenant, missing.webhooks ?? [], now, dependencies),
  ]);
  const findings = worstFirst([
    examineState(connection, now),
    ...(crm.created === undefined ? [] : [createdFinding(crm.created)]),
    ...crm.findings,
    ...personaDesk,
    ...webhooks.findings,
  ]);
  return {
    connectionId: connection.id,
    tenantId: connection.tenantId,
    tenantName: connection.tenant.name,
    crm: connection.configuration.crm,
    answer: connectionAnswer(connection.id, findings),
    lastEventAt: webhooks.lastEventAt,
    created: crm.created,
    findings,
  };
}
