import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';

/** One task in words a person reads. Texts are as stored: not escaped. */
export interface TaskLine {
  readonly day: string;
  /** Call, Task or Email: what the timeline's filter goes by. */
  readonly kind: string;
  readonly subject: string;
  readonly direction: string;
  /** Minutes and seconds; '' when there is none. */
  readonly duration: string;
  readonly status: string;
  readonly owner: string;
}

/** The tasks of a contact or lead, newest first. */
export function tasksOf(org: Org, person: SalesforceRecord): readonly TaskLine[] {
  return lines(org, (task) => task.values.WhoId === person.id);
}

/** Tasks that are on no person's timeline. */
export function tasksOfNobody(org: Org): readonly TaskLine[] {
  return lines(org, (task) => (task.values.WhoId ?? null) === null);
}

function lines(org: Org, isWanted: (task: SalesforceRecord) => boolean): readonly TaskLine[] {
  return org.records
    .all('Task')
    .filter((task) => !task.isDeleted && isWanted(task))
    .toReversed()
    .map((task) => line(org, task));
}

function line(org: Org, { values }: SalesforceRecord): TaskLine {
  const text = (name: string): string => String(values[name] ?? '');
  return {
    day: text('ActivityDate'),
    kind: text('TaskSubtype'),
    subject: text('Subject'),
    direction: text('CallType'),
    duration: minutes(values.CallDurationInSeconds),
    status: text('Status'),
    owner: nameOfUser(org, text('OwnerId')),
  };
}

/** The name of a user or queue. */
export function nameOfUser(org: Org, id: string): string {
  const owner = org.records.find('User', id) ?? org.records.find('Group', id);
  return String(owner?.values.Name ?? '');
}

function minutes(seconds: unknown): string {
  if (typeof seconds !== 'number') return '';
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
