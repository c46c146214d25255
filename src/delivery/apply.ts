import type { CallContext, Connector } from '../../connectors/connector.ts';
import type { PersonKey } from '../domain/caller.ts';
import type { LinkWrite, PersonWrite } from '../domain/crm.ts';
import { fieldsToUpdate, fieldsToUpsert } from '../domain/plan.ts';
import { Draft, type Applied } from './draft.ts';
import { isWorthWaitingFor } from './optional-failure.ts';
import type { Part, Planned } from './steps.ts';

/** The part of a connector that writes. */
type Writer = Pick<Connector, 'upsertPeople' | 'upsertActivities' | 'upsertTasks' | 'link'>;

/**
 * Applies the plans of a batch in three rounds, each as few calls as the CRM allows: people and tasks, activities, links.
 * A failure stays with its own conversation. Every write is an idempotent upsert by key, so a batch that died at any
 * point is simply applied again.
 */
export async function apply(
  connector: Writer,
  batch: readonly Planned[],
  context: CallContext,
): Promise<readonly Applied[]> {
  const drafts = batch.map((planned) => new Draft(planned));
  await Promise.all([writePeople(connector, drafts, context), writeTasks(connector, drafts, context)]);
  await writeActivities(connector, drafts, context);
  await linkAll(connector, drafts, context);
  return drafts.map((draft) => draft.finish());
}

/** Conversations of one new caller share one write: the key may stand in a call only once. */
async function writePeople(connector: Writer, drafts: readonly Draft[], context: CallContext): Promise<void> {
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
async function writeTasks(connector: Writer, drafts: readonly Draft[], context: CallContext): Promise<void> {
  const writing = drafts.flatMap((draft) => {
    const { task } = draft.planned.plan;
    if (task?.action !== 'upsert') return [];
    const write = { key: task.key, fields: fieldsToUpsert(task.changes), ...draft.placesToGo('task') };
    return [{ draft, write }];
  });
  if (writing.length === 0) return;
  const results = await connector.upsertTasks(
    writing.map((item) => item.write),
    context,
  );
  eachWithResult(writing, results, ({ draft, write }, result) => {
    draft.takeRecord('task', result, write.fields);
  });
}

/** An activity whose person could not be written is held back: on nobody's timeline no one would find it. */
async function writeActivities(connector: Writer, drafts: readonly Draft[], context: CallContext): Promise<void> {
  const writing = drafts.flatMap((draft) => {
    const { activity, person } = draft.planned.plan;
    if (activity?.action !== 'upsert') return [];
    if (person.action !== 'none' && draft.person === undefined) return [];
    const fields = fieldsToUpsert(activity.changes);
    const write = { key: activity.key, kind: activity.kind, fields, ...draft.placesToGo('activity') };
    return [{ draft, write }];
  });
  if (writing.length === 0) return;
  const results = await connector.upsertActivities(
    writing.map((item) => item.write),
    context,
  );
  eachWithResult(writing, results, ({ draft, write }, result) => {
    draft.takeRecord('activity', result, write.fields);
  });
}

/**
 * Links are a round of their own: a process may die between writing a call and showing it on a timeline. Without its
 * person a record is found by nobody, so that refusal fails the conversation; without a deal it is still of use.
 */
async function linkAll(connector: Writer, drafts: readonly Draft[], context: CallContext): Promise<void> {
  const linking = drafts.flatMap((draft) => [...linksOf(draft, 'activity'), ...linksOf(draft, 'task')]);
  if (linking.length === 0) return;
  const results = await connector.link(
    linking.map((item) => item.write),
    context,
  );
  eachWithResult(linking, results, ({ draft, part, isPerson, write: { to } }, result) => {
    if (result.kind === 'linked') draft.putOn(part, isPerson, to);
    else if (isPerson || isWorthWaitingFor(result.failure)) draft.failures.push(result.failure);
    else draft.warnings.push(`${part}: not put on ${to.object} ${to.id} (${result.failure.code})`);
  });
}

interface Link {
  readonly draft: Draft;
  readonly part: Part;
  readonly isPerson: boolean;
  readonly write: LinkWrite;
}

function linksOf(draft: Draft, part: Part): readonly Link[] {
  const from = draft[part]?.ref;
  if (from === undefined) return [];
  const person = draft.personToLink(part);
  return [
    ...(person === undefined ? [] : [{ draft, part, isPerson: true, write: { from, to: person } }]),
    ...draft.relatedToLink(part).map((to) => ({ draft, part, isPerson: false, write: { from, to } })),
  ];
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
