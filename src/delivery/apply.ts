import type { CallContext, Connector } from '../../connectors/connector.ts';
import type { PersonKey } from '../domain/caller.ts';
import type { CrmFailure, FieldValues, LinkWrite, PersonWrite, RecordRef, WriteResult } from '../domain/crm.ts';
import { fieldsToUpdate, fieldsToUpsert, type WrittenRecords } from '../domain/plan.ts';
import type { Planned } from './steps.ts';

/** What applying a plan came to, for one conversation. */
export interface Applied {
  readonly planned: Planned;
  /** What stands in the CRM now, so far as we wrote it; kept even when a later write failed. */
  readonly written: WrittenRecords;
  readonly wrote: readonly RecordRef[];
  readonly failures: readonly CrmFailure[];
  /** A person this plan created; remembered so that the next conversation needs no search. */
  readonly person: { readonly key: PersonKey; readonly ref: RecordRef; readonly createdByUs: boolean } | undefined;
}

/**
 * Applies the plans of a batch in three rounds, each as few calls as the CRM allows: people and tasks, activities, links.
 * A failure stays with its own conversation. Every write is an idempotent upsert by key, so a batch that died at any
 * point is simply applied again.
 */
export async function apply(
  connector: Connector,
  batch: readonly Planned[],
  context: CallContext,
): Promise<readonly Applied[]> {
  const drafts = batch.map((planned) => new Draft(planned));
  await Promise.all([writePeople(connector, drafts, context), writeTasks(connector, drafts, context)]);
  await writeActivities(connector, drafts, context);
  await linkAll(connector, drafts, context);
  return drafts.map((draft) => draft.finish());
}

/** The changing half of an {@link Applied}; lives for one batch. */
class Draft {
  readonly planned: Planned;
  person: RecordRef | undefined;
  personCreated = false;
  activity: WrittenRecords['activity'];
  task: WrittenRecords['task'];
  readonly wrote: RecordRef[] = [];
  readonly failures: CrmFailure[] = [];

  constructor(planned: Planned) {
    this.planned = planned;
    const { written } = planned.row;
    this.activity = written.activity;
    this.task = written.task;
    const { person } = planned.plan;
    if (person.action === 'keep' || person.action === 'update') this.person = person.ref;
  }

  /**
   * Whose timeline the record is still to be put on. Nobody's when it is there already: somebody may have moved it since,
   * and it is not moved back.
   */
  personToLink(part: 'activity' | 'task'): RecordRef | undefined {
    return isSame(this[part]?.linkedTo, this.person) ? undefined : this.person;
  }

  /** Takes in the result of one write; true when it succeeded. */
  take(result: WriteResult): result is Extract<WriteResult, { kind: 'written' }> {
    if (result.kind === 'written') {
      this.wrote.push(result.ref);
      return true;
    }
    this.failures.push(result.failure);
    return false;
  }

  finish(): Applied {
    const { person } = this.planned.plan;
    return {
      planned: this.planned,
      written: { person: this.person, activity: this.activity, task: this.task },
      wrote: this.wrote,
      failures: this.failures,
      person:
        person.action === 'none' || this.person === undefined
          ? undefined
          : { key: person.key, ref: this.person, createdByUs: this.personCreated },
    };
  }
}

/** Conversations of one new caller share one write: the key may stand in a call only once. */
async function writePeople(connector: Connector, drafts: readonly Draft[], context: CallContext): Promise<void> {
  const byKey = new Map<PersonKey, { readonly write: PersonWrite; readonly drafts: Draft[] }>();
  for (const draft of drafts) {
    const { person } = draft.planned.plan;
    if (person.action !== 'create' && person.action !== 'update') continue;
    const shared = byKey.get(person.key);
    if (shared !== undefined) {
      shared.drafts.push(draft);
      continue;
    }
    const write =
      person.action === 'update'
        ? { key: person.key, ref: person.ref, fields: fieldsToUpdate(person.changes) }
        : { key: person.key, ref: undefined, fields: fieldsToUpsert(person.changes) };
    byKey.set(person.key, { write, drafts: [draft] });
  }
  const groups = [...byKey.values()];
  if (groups.length === 0) return;
  const results = await connector.upsertPeople(
    groups.map((group) => group.write),
    context,
  );
  eachWithResult(groups, results, (group, result) => {
    for (const draft of group.drafts) {
      if (!draft.take(result)) continue;
      draft.person = result.ref;
      draft.personCreated = result.created;
    }
  });
}

/** Tasks go out at once, with or without a person: somebody is waiting to be called back. */
async function writeTasks(connector: Connector, drafts: readonly Draft[], context: CallContext): Promise<void> {
  const writing = drafts.flatMap((draft) => {
    const { task } = draft.planned.plan;
    return task?.action === 'upsert'
      ? [{ draft, write: { key: task.key, fields: fieldsToUpsert(task.changes), person: draft.personToLink('task') } }]
      : [];
  });
  if (writing.length === 0) return;
  const results = await connector.upsertTasks(
    writing.map((item) => item.write),
    context,
  );
  eachWithResult(writing, results, ({ draft, write }, result) => {
    if (!draft.take(result)) return;
    draft.task = remember(draft.task, result, write.fields);
  });
}

/** An activity whose person could not be written is held back: on nobody's timeline no one would find it. */
async function writeActivities(connector: Connector, drafts: readonly Draft[], context: CallContext): Promise<void> {
  const writing = drafts.flatMap((draft) => {
    const { activity, person } = draft.planned.plan;
    if (activity?.action !== 'upsert') return [];
    if (person.action !== 'none' && draft.person === undefined) return [];
    const fields = fieldsToUpsert(activity.changes);
    const write = { key: activity.key, kind: activity.kind, fields, person: draft.personToLink('activity') };
    return [{ draft, write }];
  });
  if (writing.length === 0) return;
  const results = await connector.upsertActivities(
    writing.map((item) => item.write),
    context,
  );
  eachWithResult(writing, results, ({ draft, write }, result) => {
    if (!draft.take(result)) return;
    draft.activity = remember(draft.activity, result, write.fields);
  });
}

/** Links are a round of their own: a process may die between writing a call and showing it on a timeline. */
async function linkAll(connector: Connector, drafts: readonly Draft[], context: CallContext): Promise<void> {
  const linking = drafts.flatMap((draft) =>
    (['activity', 'task'] as const).flatMap((part) => {
      const record = draft[part];
      const person = draft.personToLink(part);
      if (record === undefined || person === undefined) return [];
      return [{ draft, part, record, person, write: { from: record.ref, to: person } satisfies LinkWrite }];
    }),
  );
  if (linking.length === 0) return;
  const results = await connector.link(
    linking.map((item) => item.write),
    context,
  );
  eachWithResult(linking, results, ({ draft, part, record, person }, result) => {
    if (result.kind === 'linked') draft[part] = { ...record, linkedTo: person };
    else draft.failures.push(result.failure);
  });
}

/** What we wrote last, field by field; a field that a later write left alone keeps its value. */
function remember(
  before: WrittenRecords['activity'],
  { ref, linkedTo }: Extract<WriteResult, { kind: 'written' }>,
  fields: FieldValues,
): NonNullable<WrittenRecords['activity']> {
  const earlierLink = isSame(before?.ref, ref) ? before?.linkedTo : undefined;
  return { ref, fields: { ...before?.fields, ...fields }, linkedTo: linkedTo ?? earlierLink };
}

function isSame(a: RecordRef | undefined, b: RecordRef | undefined): boolean {
  return a !== undefined && a.object === b?.object && a.id === b.id;
}

/** A connector that answers fewer items than it was given has broken its contract; silence must not pass for success. */
function eachWithResult<I, R>(items: readonly I[], results: readonly R[], take: (item: I, result: R) => void): void {
  if (items.length !== results.length) {
    throw new TypeError(`the connector answered ${results.length} of ${items.length} items`);
  }
  items.forEach((item, index) => {
    const result = results[index];
    if (result !== undefined) take(item, result);
  });
}
