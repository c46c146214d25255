import type { Account } from './account.ts';
import { activityTypeNames, type ActivityTypeName } from './object-types.ts';
import type { CrmRecord, PropertyValues } from './record-store.ts';

/** One line of a timeline, in words a person reads. Texts are as stored: not escaped. */
export interface TimelineEntry {
  readonly id: string;
  /** Milliseconds since 1970; 0 when the activity has no time. */
  readonly at: number;
  readonly kind: 'Call' | 'Message' | 'Note' | 'Task';
  readonly title: string;
  /** Direction, channel or priority. */
  readonly detail: string;
  /** Minutes and seconds; '' when there is none. */
  readonly duration: string;
  readonly status: string;
  readonly owner: string;
}

/** The activities of a contact, newest first. */
export function timelineOf(account: Account, contact: CrmRecord): readonly TimelineEntry[] {
  const activities = activityTypeNames.flatMap((type) =>
    account.associations.linksOf(contact, type).flatMap(({ to }) => account.records.live(type, to.id) ?? []),
  );
  return newestFirst(account, activities);
}

/** Activities nobody can see in HubSpot: "invisible until associated". */
export function unassociatedActivities(account: Account): readonly TimelineEntry[] {
  const activities = activityTypeNames.flatMap((type) =>
    account.records
      .all(type)
      .filter((record) => record.archivedAt === null && account.associations.linksOf(record).length === 0),
  );
  return newestFirst(account, activities);
}

function newestFirst(account: Account, activities: readonly CrmRecord[]): readonly TimelineEntry[] {
  return activities
    .flatMap((record) => (isActivityRecord(record) ? [entryOf(account, record)] : []))
    .sort((a, b) => b.at - a.at);
}

type ActivityRecord = CrmRecord & { readonly type: ActivityTypeName };

function isActivityRecord(record: CrmRecord): record is ActivityRecord {
  return (activityTypeNames as readonly string[]).includes(record.type);
}

function entryOf(account: Account, record: ActivityRecord): TimelineEntry {
  const value = (name: string): string => record.values[name] ?? '';
  const owner = account.options.owners.find((each) => each.id === value('hubspot_owner_id'));
  return {
    id: record.id,
    at: Date.parse(value('hs_timestamp')) || 0,
    owner: owner === undefined ? '' : `${owner.firstName} ${owner.lastName}`,
    ...describe(record.type, record.values),
  };
}

type Description = Pick<TimelineEntry, 'kind' | 'title' | 'detail' | 'duration' | 'status'>;

function describe(type: ActivityTypeName, values: PropertyValues): Description {
  const value = (name: string): string => values[name] ?? '';
  switch (type) {
    case 'calls':
      return {
        kind: 'Call',
        title: value('hs_call_title'),
        detail: value('hs_call_direction'),
        duration: minutes(value('hs_call_duration')),
        status: value('hs_call_status'),
      };
    case 'communications':
      return {
        kind: 'Message',
        title: excerpt(value('hs_communication_body')),
        detail: value('hs_communication_channel_type'),
        duration: '',
        status: '',
      };
    case 'notes':
      return { kind: 'Note', title: excerpt(value('hs_note_body')), detail: '', duration: '', status: '' };
    case 'tasks':
      return {
        kind: 'Task',
        title: value('hs_task_subject'),
        detail: value('hs_task_priority'),
        duration: '',
        status: value('hs_task_status'),
      };
  }
}

/** `hs_call_duration` is in milliseconds. */
function minutes(milliseconds: string): string {
  if (milliseconds === '') return '';
  const seconds = Math.round(Number(milliseconds) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The entities of escaped text; the page escapes what it shows once more. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

function excerpt(body: string): string {
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim();
  return text.length > 140 ? `${text.slice(0, 139)}…` : text;
}
