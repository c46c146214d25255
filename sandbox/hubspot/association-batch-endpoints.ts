import {
  absentOf,
  completed,
  defaultResults,
  defaultTypeBetween,
  linkedPair,
  linksPage,
  refuseAbsent,
  typesOf,
} from './association-endpoints.ts';
import type { RecordKey } from './association-store.ts';
import type { Answer, Call } from './endpoint.ts';
import { invalidObjectIds } from './inline-associations.ts';
import { objectTypeFromPath, type ObjectType } from './object-types.ts';
import { inAnotherOrder } from '../server/random.ts';
import { errorRow, invalid, notFound, Refusal } from './refusal.ts';
import {
  batchInputs,
  objectBody,
  optionalString,
  requiredList,
  requiredString,
  type JsonObject,
} from './request-body.ts';

/** HubSpot's associations guide: inputs of a create, of a read, and distinct from-records of an archive. */
const limits = { create: 2_000, read: 1_000, archive: 100, linksPerRead: 500 } as const;

/** `POST .../{from}/{to}/batch/associate/default`: 200 even when some pairs could not be linked; those are in `errors`. */
export function batchAssociateDefault(call: Call): Answer {
  const { account } = call;
  const ends = endTypes(call);
  const type = defaultTypeBetween({ type: ends.from.name }, { type: ends.to.name });
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of batchInputs(call.body, limits.create)) {
    const { from, to } = pairOf(input, ends);
    const absent = absentOf(account, [from, to]);
    if (absent.length > 0) {
      errors.push(errorRow(invalidObjectIds(absent)));
    } else {
      account.associations.link(from, to, type);
      results.push(...defaultResults(from, to, type));
    }
  }
  return { status: 200, body: completed(account, { results: inAnotherOrder(results, account.random), errors }) };
}

/** `POST .../{from}/{to}/batch/create`: with kinds. One wrong kind, direction or record refuses the whole batch. */
export function batchAssociate(call: Call): Answer {
  const { account } = call;
  const ends = endTypes(call);
  const rows = batchInputs(call.body, limits.create).map((input) => ({
    ...pairOf(input, ends),
    types: typesOf(input, ends.from, ends.to),
  }));
  refuseAbsent(
    account,
    rows.flatMap(({ from, to }) => [from, to]),
  );
  for (const { from, to, types } of rows) for (const type of types) account.associations.link(from, to, type);
  const results = rows
    .filter(({ types }) => types.length > 0)
    .map(({ from, to, types }) => linkedPair(from, to, types));
  // 201 in v4 and 2026-03, 200 in 2026-09 (official specifications).
  const status = call.version === '2026-09' ? 200 : 201;
  return { status, body: completed(account, { results: inAnotherOrder(results, account.random) }) };
}

/** `POST .../{from}/{to}/batch/read`: a record without any link is an error row, not an empty result (reported). */
export function batchReadAssociations(call: Call): Answer {
  const { account } = call;
  const { from, to } = endTypes(call);
  const results: unknown[] = [];
  const errors: unknown[] = [];
  for (const input of batchInputs(call.body, limits.read)) {
    const id = requiredString(input, 'id');
    const offset = Number(optionalString(input, 'after') ?? '0');
    const page = linksPage(account, { type: from.name, id }, to, { offset, limit: limits.linksPerRead });
    const paging = page.paging === undefined ? {} : { paging: page.paging };
    if (page.results.length > 0) results.push({ from: { id }, to: page.results, ...paging });
    else errors.push(errorRow(noAssociations(from, to, id)));
  }
  const status = errors.length === 0 ? 200 : account.options.partialSuccessStatus;
  return { status, body: completed(account, { results: inAnotherOrder(results, account.random), errors }) };
}

/** `POST .../{from}/{to}/batch/archive`. */
export function batchDissociate(call: Call): Answer {
  const { account } = call;
  const ends = endTypes(call);
  const inputs = batchInputs(call.body, limits.create);
  const fromIds = new Set(inputs.map((input) => requiredString(objectBody(input.from), 'id')));
  if (fromIds.size > limits.archive) {
    throw new Refusal(invalid(`At most ${limits.archive} distinct from-objects are supported in one archive.`));
  }
  for (const input of inputs) {
    const from = { type: ends.from.name, id: requiredString(objectBody(input.from), 'id') };
    for (const to of requiredList(input, 'to')) {
      account.associations.unlink(from, { type: ends.to.name, id: requiredString(objectBody(to), 'id') });
    }
  }
  // No content in v4, an empty batch envelope in dated versions (official specifications).
  return call.version === 'v4' ? { status: 204 } : { status: 200, body: completed(account, { results: [] }) };
}

interface EndTypes {
  readonly from: ObjectType;
  readonly to: ObjectType;
}

function endTypes(call: Call): EndTypes {
  return { from: objectTypeFromPath(call.path('type')), to: objectTypeFromPath(call.path('to')) };
}

function pairOf(input: JsonObject, ends: EndTypes): { readonly from: RecordKey; readonly to: RecordKey } {
  return {
    from: { type: ends.from.name, id: requiredString(objectBody(input.from), 'id') },
    to: { type: ends.to.name, id: requiredString(objectBody(input.to), 'id') },
  };
}

function noAssociations(from: ObjectType, to: ObjectType, id: string) {
  const [one, other] = [from.singular.toLowerCase(), to.singular.toLowerCase()];
  return {
    ...notFound(`No ${other} is associated with ${one} ${id}.`, {
      fromObjectId: [id],
      fromObjectType: [one],
      toObjectType: [other],
    }),
    subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
  };
}
