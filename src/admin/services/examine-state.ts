import type { Connection } from '../../domain/connection.ts';
import { relative } from '../wording.ts';
import { fault, sound, warning, type DoctorFinding } from './doctor-finding.ts';

/** Says in words whether the connection may make calls, and what ends it when it may not. Pure. */
export function examineState({ id, state }: Pick<Connection, 'id' | 'state'>, now: Date): DoctorFinding {
  const resume = `crm-sync resume ${id}`;
  switch (state.kind) {
    case 'paused':
      return warning(
        'connection',
        'connection_paused',
        'The connection was paused by a person; what comes in waits in the ledger.',
        `An operator goes on with: ${resume}`,
      );
    case 'broken':
      return fault(
        'connection',
        'connection_broken',
        `The CRM refused our credentials (${state.code}); everything waits until they are renewed.`,
        `A CRM admin renews the credentials, then an operator goes on with: ${resume}`,
      );
    case 'active':
      return active(state, resume, now);
  }
}

function active(
  { parkedUntil, parkReason }: Extract<Connection['state'], { readonly kind: 'active' }>,
  resume: string,
  now: Date,
): DoctorFinding {
  if (parkedUntil === undefined || parkedUntil <= now) {
    return sound('connection', 'connection_active', 'The connection is active.');
  }
  const why = parkReason === undefined ? '' : ` (${parkReason})`;
  const until = `${relative(parkedUntil, now)}, at ${parkedUntil.toISOString()}`;
  return warning(
    'connection',
    'connection_parked',
    `The CRM is left alone for a while${why}; deliveries go on ${until}.`,
    `Nobody needs to act; an operator can go on at once with: ${resume}`,
  );
}
