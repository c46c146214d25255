import type { CrmFailure } from '../../src/domain/crm.ts';
import { slices } from '../transport/slices.ts';
import { associationsAnswerSchema, contextTexts, type ErrorRow } from './answers.ts';
import type { ApiSession } from './api.ts';
import type { RelatedObject } from './properties.ts';

/** Records of which one request asks for the links (HubSpot's associations guide). */
const RECORDS_PER_READ = 1_000;
/** Pages of 500 links that are followed; whoever has more than ten thousand is read this far. */
const MAX_PAGES = 20;

/** A record that is linked, and HubSpot's own kinds of the link. */
export interface AssociatedRecord {
  readonly id: string;
  readonly typeIds: readonly number[];
}

/** What each contact is linked to. An id in neither has no links. */
export interface AssociationReading {
  readonly linked: ReadonlyMap<string, readonly AssociatedRecord[]>;
  readonly unread: ReadonlyMap<string, CrmFailure>;
}

/**
 * Reads which records of one object contacts are linked to: one request per thousand contacts, and one more for each
 * further page of whoever has more than a page of links.
 *
 * @param contacts ids, each at most once
 */
export async function readAssociations(
  session: ApiSession,
  object: RelatedObject,
  contacts: readonly string[],
): Promise<AssociationReading> {
  const linked = new Map<string, AssociatedRecord[]>();
  const unread = new Map<string, CrmFailure>();

  async function readSlice(inputs: readonly PageInput[], page: number): Promise<void> {
    const answer = await request(session, object, inputs);
    if (answer.kind === 'failed') {
      for (const { id } of inputs) unread.set(id, answer.failure);
      return;
    }
    const { results, errors } = answer.body;
    for (const { from, to } of results) {
      const records = to.map(({ toObjectId, associationTypes }) => ({
        id: toObjectId,
        typeIds: associationTypes.flatMap(({ category, typeId }) => (category === HUBSPOT_DEFINED ? [typeId] : [])),
      }));
      linked.set(from.id, [...(linked.get(from.id) ?? []), ...records]);
    }
    for (const row of errors) {
      if (saysNoLinks(row)) continue;
      const failure = session.classifyRow(row, 'association-read');
      for (const id of concerned(row, inputs)) unread.set(id, failure);
    }
    const more = results.flatMap(({ from, paging }) =>
      paging?.next === undefined ? [] : [{ id: from.id, after: paging.next.after }],
    );
    if (more.length > 0 && page < MAX_PAGES) await readSlice(more, page + 1);
  }

  const inputs = contacts.map((id) => ({ id }));
  await Promise.all(slices(inputs, RECORDS_PER_READ).map((slice) => readSlice(slice, 1)));
  return { linked, unread };
}

const HUBSPOT_DEFINED = 'HUBSPOT_DEFINED';

interface PageInput {
  readonly id: string;
  readonly after?: string;
}

function request(session: ApiSession, object: RelatedObject, inputs: readonly PageInput[]) {
  return session.send({
    endpoint: 'association-read',
    method: 'POST',
    family: 'associations',
    path: ['contacts', object, 'batch', 'read'],
    body: { inputs },
    answer: associationsAnswerSchema,
    optionalPart: object,
  });
}

/** A contact without links is an error row (reported), and so is one that is not there: neither has a related record. */
function saysNoLinks({ category, subCategory }: ErrorRow): boolean {
  return category === 'OBJECT_NOT_FOUND' || (subCategory ?? category ?? '').endsWith('NO_ASSOCIATIONS_FOUND');
}

/** Those the row names, or all that were asked about when it names nobody. */
function concerned(row: ErrorRow, inputs: readonly PageInput[]): readonly string[] {
  const named = new Set([
    ...contextTexts(row, 'fromObjectId'),
    ...contextTexts(row, 'ids'),
    ...contextTexts(row, 'id'),
  ]);
  const ids = inputs.map(({ id }) => id);
  return named.size === 0 ? ids : ids.filter((id) => named.has(id));
}
