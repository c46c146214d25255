import type { Account } from './account.ts';
import { associationTypeById, type AssociationType } from './association-types.ts';
import { objectTypes, type ObjectType, type ObjectTypeName } from './object-types.ts';
import type { CrmRecord } from './record-store.ts';
import { invalid, Refusal, type Problem } from './refusal.ts';
import { objectBody, requiredList, requiredString, type JsonObject } from './request-body.ts';

/** A link asked for in the body of a create: the type says which object the id belongs to. */
export interface InlineAssociation {
  readonly toId: string;
  readonly type: AssociationType;
}

/** Reads one `{ associationCategory, associationTypeId }`; kinds that do not lead from the object are refused. */
export function readAssociationType(raw: unknown, from: ObjectTypeName, to?: ObjectTypeName): AssociationType {
  const spec = objectBody(raw);
  const category = requiredString(spec, 'associationCategory');
  const given = spec.associationTypeId;
  if (typeof given !== 'number') throw new Refusal(invalid('Invalid input JSON: associationTypeId must be a number.'));
  const type = category === 'HUBSPOT_DEFINED' ? associationTypeById(given) : null;
  if (type?.from !== from || (to !== undefined && type.to !== to)) {
    const named = `${category}=${given}`;
    throw new Refusal(
      invalid('One or more associations are invalid', {
        context: {
          associationSpec: [named],
          INVALID_ASSOCIATION_TYPE_ID: [`${named} is not a valid association definition id`],
        },
      }),
    );
  }
  return type;
}

/** Reads and checks the `associations` of a create. */
export function readInlineAssociations(
  account: Account,
  type: ObjectType,
  input: JsonObject,
): readonly InlineAssociation[] {
  if (input.associations === undefined || input.associations === null) return [];
  const wanted = requiredList(input, 'associations').flatMap((raw) => {
    const association = objectBody(raw);
    const toId = requiredString(objectBody(association.to), 'id');
    return requiredList(association, 'types').map((spec) => ({ toId, type: readAssociationType(spec, type.name) }));
  });
  const unknown = wanted.filter(({ toId, type: { to } }) => account.records.live(to, toId) === null);
  if (unknown.length > 0)
    throw new Refusal(invalidObjectIds(unknown.map(({ toId, type: { to } }) => ({ type: to, id: toId }))));
  return wanted;
}

export function applyInlineAssociations(
  account: Account,
  record: CrmRecord,
  associations: readonly InlineAssociation[],
): void {
  for (const { toId, type } of associations) account.associations.link(record, { type: type.to, id: toId }, type);
}

/** The refusal of links to records that do not exist (or no longer do), as reported since 2026-09. */
export function invalidObjectIds(records: readonly { readonly type: ObjectTypeName; readonly id: string }[]): Problem {
  return invalid('One or more associations are invalid', {
    context: {
      INVALID_OBJECT_IDS: records.map(({ type, id }) => `${objectTypes[type].singular}=${id} is not valid`),
      objectId: records.map(({ id }) => id),
      objectType: [...new Set(records.map(({ type }) => objectTypes[type].singular))],
    },
  });
}
