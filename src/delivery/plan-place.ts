import { HAS_ONE_PLACE, type AssociationPolicy } from '../domain/association-policy.ts';
import type { CrmKind } from '../domain/crm.ts';
import { OWNER_FIELDS, type OwnerPolicy } from '../domain/owner-policy.ts';
import type { OwnerPlan, RelatedPlan, WrittenRecord } from '../domain/plan.ts';
import type { MappedField } from '../mapping/mapping.ts';
import { chooseOwner } from './choose-owner.ts';
import { chooseRelated } from './choose-related.ts';
import type { LookedAround, Part } from './steps.ts';

/** A record's place in the CRM: whom it belongs to, and what it is put on beside the person. */
export interface PlacePlan {
  readonly owner: OwnerPlan;
  /** The owner as a field of the record; empty when it is left alone. */
  readonly fields: readonly MappedField[];
  readonly related: readonly RelatedPlan[];
  readonly warnings: readonly string[];
}

export interface PlaceInput extends Pick<LookedAround, 'known' | 'owners' | 'related' | 'present'> {
  readonly ownerPolicy: OwnerPolicy;
  readonly associations: AssociationPolicy;
  readonly written: LookedAround['row']['written'];
}

/**
 * Decides the place of an activity or a task. Pure and total.
 *
 * @param mapped what the mapping writes: an owner that it names goes before the policy.
 */
export function planPlace(part: Part, crm: CrmKind, input: PlaceInput, mapped: readonly MappedField[]): PlacePlan {
  const written = input.written[part];
  const { owner, fields, warnings } = placeOwner(part, OWNER_FIELDS[crm], input, mapped);
  const choice = chooseRelated(input.related[part], written, {
    policy: input.associations,
    hasOnePlace: HAS_ONE_PLACE[crm],
  });
  return { owner, fields, related: choice.related, warnings: [...warnings, ...choice.warnings] };
}

type OwnerPlace = Pick<PlacePlan, 'owner' | 'fields' | 'warnings'>;

function placeOwner(
  part: Part,
  field: string | undefined,
  { known, owners, ownerPolicy, written, present }: PlaceInput,
  mapped: readonly MappedField[],
): OwnerPlace {
  if (field === undefined) return untouched(undefined, 'the CRM knows no owners');
  const own = mapped.find((each) => each.field === field);
  if (own !== undefined) return untouched(own.value, 'the mapping names the owner');
  const before = written[part];
  if (before !== undefined) return ownerBefore(before, field, present?.[part]?.kind === 'gone');
  const { owner, warnings } = chooseOwner(part, { known, policy: ownerPolicy, facts: owners });
  if (owner.ownerId === undefined) return { owner, fields: [], warnings };
  // People may give it to somebody else afterwards.
  return { owner, fields: [{ field, mode: 'create_only', value: owner.ownerId }], warnings };
}

function ownerBefore({ fields }: WrittenRecord, field: string, isGone: boolean): OwnerPlace {
  const ownerId = fields[field];
  if (ownerId === undefined) return untouched(ownerId, 'was left to the CRM');
  const place = untouched(ownerId, 'as it was written before');
  return isGone ? { ...place, fields: [{ field, mode: 'create_only', value: ownerId }] } : place;
}

function untouched(ownerId: string | undefined, rule: string): OwnerPlace {
  return { owner: { ownerId, rule }, fields: [], warnings: [] };
}
