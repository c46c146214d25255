import type { CallContext, Connector } from '../../connectors/connector.ts';
import { ownerPolicyOf, type ConnectionConfiguration } from '../domain/configuration.ts';
import type { CrmFailure, OwnerAnswer, OwnerQuery, RecordRef } from '../domain/crm.ts';
import { OWNER_FIELDS, ownerQuery, type OwnerPolicy } from '../domain/owner-policy.ts';
import { agentsOf, chooseOwner, ownerOfAgent } from './choose-owner.ts';
import { isWorthWaitingFor } from './optional-failure.ts';
import { ownerKey, type Loaded, type LookedUp, type OwnerFacts, type Part, type RecordOwner } from './steps.ts';

/** Facts for a plan, or what it must wait for. */
export type Found<T> =
  { readonly kind: 'found'; readonly facts: T } | { readonly kind: 'wait'; readonly failure: CrmFailure };

/** The part of a connector that knows owners. */
export type OwnerReader = Pick<Connector, 'crm' | 'readPeople' | 'findOwners'>;

/**
 * Fields of a person that are read along with the look-up because somebody's owner is decided by them. None when no
 * record of the batch asks for the owner of the person.
 */
export function ownerFieldsToRead(
  configuration: ConnectionConfiguration,
  loaded: readonly Loaded[],
): readonly string[] {
  const field = OWNER_FIELDS[configuration.crm];
  const policy = ownerPolicyOf(configuration);
  return field !== undefined && loaded.some((item) => asksForRecordOwner(item, policy)) ? [field] : [];
}

/**
 * Asks the CRM for everybody whom a new record of the batch may be given to, in one call. Records that were written
 * before have their owner, and cost nothing. Only a follow-up task is worth waiting for: somebody must be called back.
 */
export async function findOwners(
  connector: OwnerReader,
  configuration: ConnectionConfiguration,
  items: readonly LookedUp[],
  context: CallContext,
): Promise<(item: LookedUp) => Found<OwnerFacts>> {
  const policy = ownerPolicyOf(configuration);
  const recordOwners = await readRecordOwners(connector, policy, items, context);
  const recordOwnerOf = (item: LookedUp) => recordOwners.get(item) ?? NOBODY;
  const queries = new Map<string, OwnerQuery>();
  for (const item of items) {
    for (const query of queriesOf(item, policy, recordOwnerOf(item))) queries.set(ownerKey(query), query);
  }
  const asked = [...queries.values()];
  const found = asked.length === 0 ? [] : await connector.findOwners(asked, context);
  const answers = new Map<string, OwnerAnswer>();
  asked.forEach((query, index) => {
    const answer = found[index];
    if (answer === undefined) throw new TypeError('the connector answered fewer owners than it was asked for');
    answers.set(ownerKey(query), answer);
  });
  return (item) => {
    const facts = { recordOwner: recordOwnerOf(item), answers };
    const failure = partsToOwn(item, policy).includes('task')
      ? chooseOwner('task', { known: item.known, policy, facts }).unchecked
      : undefined;
    return failure !== undefined && isWorthWaitingFor(failure) ? { kind: 'wait', failure } : { kind: 'found', facts };
  };
}

const NOBODY: RecordOwner = { kind: 'known', ownerId: undefined };

/** Records that this delivery is to make and that the policy gives to somebody. */
function partsToOwn({ judgement, row }: Loaded, policy: OwnerPolicy): readonly Part[] {
  const activity: readonly Part[] = row.written.activity === undefined ? ['activity'] : [];
  const task: readonly Part[] = judgement.followUp !== undefined && row.written.task === undefined ? ['task'] : [];
  return [...activity, ...task].filter((part) => policy[part].length > 0);
}

function asksForRecordOwner(item: Loaded, policy: OwnerPolicy): boolean {
  return partsToOwn(item, policy).some((part) => policy[part].includes('record_owner'));
}

/** Mostly read along with the look-up; a person who needed none is read now. */
async function readRecordOwners(
  connector: OwnerReader,
  policy: OwnerPolicy,
  items: readonly LookedUp[],
  context: CallContext,
): Promise<ReadonlyMap<LookedUp, RecordOwner>> {
  const field = OWNER_FIELDS[connector.crm];
  const owners = new Map<LookedUp, RecordOwner>();
  const unread = new Map<LookedUp, RecordRef>();
  if (field === undefined) return owners;
  for (const item of items) {
    const { choice } = item;
    if (choice.kind !== 'matched' || !asksForRecordOwner(item, policy)) continue;
    if (choice.fields === undefined) unread.set(item, choice.ref);
    else owners.set(item, { kind: 'known', ownerId: choice.fields[field] });
  }
  if (unread.size === 0) return owners;
  const reads = await connector.readPeople([...unread.values()], [field], context);
  [...unread.keys()].forEach((item, index) => {
    const read = reads[index];
    if (read === undefined) throw new TypeError('the connector read fewer people than it was asked for');
    if (read.kind === 'present') owners.set(item, { kind: 'known', ownerId: read.fields[field] });
    if (read.kind === 'could_not_check') owners.set(item, read);
  });
  return owners;
}

function queriesOf(item: LookedUp, policy: OwnerPolicy, recordOwner: RecordOwner): readonly OwnerQuery[] {
  return partsToOwn(item, policy).flatMap((part) =>
    policy[part].flatMap((rule): readonly OwnerQuery[] => {
      switch (rule) {
        case 'agent':
          return agentsOf(item.known, part).flatMap((agent) => ownerOfAgent(policy, agent) ?? []);
        case 'record_owner':
          return recordOwner.kind === 'known' && recordOwner.ownerId !== undefined
            ? [{ by: 'id', value: recordOwner.ownerId }]
            : [];
        case 'fallback':
          return policy.fallback === undefined ? [] : [ownerQuery(policy.fallback)];
      }
    }),
  );
}
