import type { Connection } from '../../domain/connection.ts';
import type { DeliverDependencies } from '../../delivery/dependencies.ts';
import { counted } from '../wording.ts';
import { fault, sound, warning, type DoctorFinding } from './doctor-finding.ts';
import { sourceFailure, type SourceFailure } from './source-failure.ts';
import { stoppedLook } from './stopped-look.ts';

type Source = ReturnType<DeliverDependencies['sourceFor']>;
type ConversationPage = Source extends { listConversations(options: never): AsyncIterable<infer P> } ? P : never;

export interface PersonaDeskDependencies {
  readonly sourceFor: (connection: Connection) => Pick<Source, 'listTenants'>;
  /** Reads the beginning of the tenant's conversation list. */
  readonly firstPageFor: (
    connection: Connection,
    signal: AbortSignal,
  ) => Promise<
    | { readonly kind: 'page'; readonly page: Pick<ConversationPage, 'conversations' | 'rejected'> }
    | { readonly kind: 'failed'; readonly failure: SourceFailure }
  >;
}

/**
 * Asks PersonaDesk whether it takes the API key, knows the tenant, and shows its conversations.
 *
 * @throws StoreError when our own database went away meanwhile; whatever else stops the look is a finding.
 */
export async function examinePersonaDesk(
  connection: Connection,
  signal: AbortSignal,
  dependencies: PersonaDeskDependencies,
): Promise<readonly DoctorFinding[]> {
  try {
    return await look(connection, signal, dependencies);
  } catch (error) {
    return [stoppedLook('personadesk', error)];
  }
}

async function look(
  connection: Connection,
  signal: AbortSignal,
  { sourceFor, firstPageFor }: PersonaDeskDependencies,
): Promise<readonly DoctorFinding[]> {
  const tenants = await sourceFor(connection).listTenants(signal);
  // A key that may not list tenants may still read conversations; the list of those decides.
  if (tenants.kind === 'failed' && tenants.failure.kind !== 'forbidden') return [sourceFailure(tenants.failure)];
  const known = tenants.kind === 'found' ? [tenantFinding(connection, tenants.value)] : [];
  const first = await firstPageFor(connection, signal);
  return [...known, ...(first.kind === 'failed' ? [sourceFailure(first.failure)] : pageFindings(first.page))];
}

function tenantFinding({ tenantId }: Connection, shown: readonly { readonly id: string }[]): DoctorFinding {
  if (shown.some(({ id }) => id === tenantId)) {
    return sound('personadesk', 'tenant_known', `PersonaDesk takes the API key and knows ${tenantId}.`);
  }
  return fault(
    'personadesk',
    'tenant_unknown',
    `PersonaDesk takes the API key, but ${tenantId} is none of the ${counted(shown.length, 'tenant')} it shows for it.`,
    'An operator puts in the API key of this tenant, or corrects the tenant `id` in the configuration.',
  );
}

function pageFindings({ conversations, rejected }: Pick<ConversationPage, 'conversations' | 'rejected'>) {
  const foreign = rejected.items.filter(({ reason }) => reason === 'other_tenant').length;
  const unreadable = rejected.count - foreign;
  const total = conversations.length + rejected.count;
  const findings = [
    ...(foreign === 0 ? [] : [foreignFinding(foreign, total)]),
    ...(unreadable === 0 ? [] : [unreadableFinding(unreadable, total)]),
  ];
  if (findings.length > 0) return findings;
  return [sound('personadesk', 'conversations_readable', 'The conversation list can be read.')];
}

function foreignFinding(foreign: number, total: number): DoctorFinding {
  return fault(
    'personadesk',
    'other_tenant',
    `${foreign} of ${counted(total, 'listed conversation')} belong to another tenant; they are never written.`,
    'An operator puts in the API key of this tenant, or corrects the tenant `id` in the configuration.',
  );
}

function unreadableFinding(unreadable: number, total: number): DoctorFinding {
  return warning(
    'personadesk',
    'conversations_unreadable',
    `${unreadable} of ${counted(total, 'listed conversation')} cannot be understood and are left out.`,
    'An operator reports it: PersonaDesk may have changed its API.',
  );
}
