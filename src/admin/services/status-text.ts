import { LEDGER_STATES } from '../../domain/ledger.ts';
import { STATE_APPEARANCE } from '../state-appearance.ts';
import { table } from '../table.ts';
import { actorWord, duration, relative } from '../wording.ts';
import type { ConnectionStatus, PersonNeeded, Status } from './status.ts';

/** A status as text, a block each: the answer, the connections, what needs a person. */
export function statusBlocks(status: Status): readonly string[] {
  return [
    status.answer,
    ...(status.connections.length === 0 ? [] : [connectionTable(status.connections, status.at)]),
    ...(status.needsPerson.length === 0 ? [] : [personTable(status.needsPerson)]),
  ];
}

function connectionTable(connections: readonly ConnectionStatus[], now: Date): string {
  const states = LEDGER_STATES.filter((state) => state !== 'in_progress');
  const columns = [
    { title: 'connection' },
    { title: 'health' },
    ...states.map((state) => ({ title: STATE_APPEARANCE[state].word, align: 'right' as const })),
    { title: 'p50', align: 'right' as const },
    { title: 'p95', align: 'right' as const },
    { title: 'oldest waiting', align: 'right' as const },
  ];
  const rows = connections.map(({ connectionId, health, counts, freshness, oldestDueSince }) => [
    connectionId,
    health,
    // What is being delivered this moment is still due to whoever reads a table.
    ...states.map((state) => (counts[state] + (state === 'due' ? counts.in_progress : 0)).toLocaleString('en-US')),
    freshness === undefined ? '-' : duration(freshness.p50Ms),
    freshness === undefined ? '-' : duration(freshness.p95Ms),
    oldestDueSince === undefined ? '-' : relative(oldestDueSince, now),
  ]);
  const notes = connections.flatMap(({ connectionId, healthReason }) =>
    healthReason === undefined ? [] : [`${connectionId}: ${healthReason}`],
  );
  return [table(columns, rows), ...notes, ...connections.flatMap(callsLine)].join('\n');
}

/** `acme-hubspot: 1,204 of 625,000 CRM calls used today (ours: 3 handoff, 1,201 live)` */
function callsLine({ connectionId, callsToday }: ConnectionStatus): readonly string[] {
  if (callsToday === undefined) return [];
  const { used, allowed, calls } = callsToday;
  const ours = Object.entries(calls)
    .filter(([, count]) => count > 0)
    .map(([trafficClass, count]) => `${count.toLocaleString('en-US')} ${trafficClass}`);
  const share = `${used.toLocaleString('en-US')} of ${allowed.toLocaleString('en-US')} CRM calls used today`;
  return [`${connectionId}: ${share}${ours.length === 0 ? '' : ` (ours: ${ours.join(', ')})`}`];
}

function personTable(needed: readonly PersonNeeded[]): string {
  const columns = [
    { title: 'needs a person', align: 'right' as const },
    ...['at', 'state', 'reason', 'who', 'what to do'].map((title) => ({ title })),
  ];
  const rows = needed.map(({ count, connectionId, state, reason, means, who, action }) => [
    count.toLocaleString('en-US'),
    connectionId,
    `${STATE_APPEARANCE[state].icon} ${STATE_APPEARANCE[state].word}`,
    reason,
    actorWord(who),
    `${means} ${action}`,
  ]);
  return table(columns, rows);
}
