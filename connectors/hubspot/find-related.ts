import type { CrmFailure, RelatedAnswer, RelatedKind, RelatedQuery, RelatedRecord } from '../../src/domain/crm.ts';
import type { HubSpotRecord } from './answers.ts';
import type { ApiSession } from './api.ts';
import { batchRead } from './batch-read.ts';
import { RELATED_OBJECT } from './properties.ts';
import { readAssociations, type AssociatedRecord, type AssociationReading } from './read-associations.ts';

type Kind = RelatedKind<'hubspot'>;
type Query = RelatedQuery<'hubspot'>;

/** The kind of link from a contact to its primary company (HubSpot's association types). */
const PRIMARY_COMPANY = 1;

/** What is known of one kind for the people it was asked for. */
interface KindReading {
  readonly recordsOf: (person: string) => readonly RelatedRecord[];
  readonly failureOf: (person: string) => CrmFailure | undefined;
}

/**
 * The primary company and the open deals and tickets of people: per kind, one request per thousand people for the links
 * and one per hundred deals or tickets for whether they are open. A company is not read: which one it is, the link says.
 *
 * A kind that could not be read just now leaves the queries that asked for it unanswered. One that the app may not read
 * at all is left out, with a remark: the other kinds are of use without it.
 */
export async function findRelated(session: ApiSession, queries: readonly Query[]): Promise<readonly RelatedAnswer[]> {
  const kinds = [...new Set(queries.flatMap((query) => query.kinds))];
  const readings = new Map(
    await Promise.all(
      kinds.map(async (kind) => [kind, await readKind(session, kind, peopleOf(queries, kind))] as const),
    ),
  );
  return queries.map(({ person, kinds: asked }): RelatedAnswer => {
    const own = [...new Set(asked)].flatMap((kind) => readings.get(kind) ?? []);
    const failures = own.flatMap((reading) => reading.failureOf(person.id) ?? []);
    const passing = failures.find((failure) => !isLasting(failure));
    if (passing !== undefined) return { kind: 'could_not_check', failure: passing };
    const records = own
      .filter((reading) => reading.failureOf(person.id) === undefined)
      .flatMap((reading) => reading.recordsOf(person.id));
    return { kind: 'checked', records, ...(failures.length === 0 ? {} : { unread: failures }) };
  });
}

/** The app lacks a right, and will lack it the next time. */
function isLasting({ disposition }: CrmFailure): boolean {
  return disposition === 'fix_mapping';
}

function peopleOf(queries: readonly Query[], kind: Kind): readonly string[] {
  return [...new Set(queries.filter(({ kinds }) => kinds.includes(kind)).map(({ person }) => person.id))];
}

async function readKind(session: ApiSession, kind: Kind, people: readonly string[]): Promise<KindReading> {
  const links = await readAssociations(session, RELATED_OBJECT[kind], people);
  return kind === 'company' ? primaryCompanies(links) : openRecords(session, kind, links);
}

function primaryCompanies({ linked, unread }: AssociationReading): KindReading {
  return {
    recordsOf: (person) =>
      (linked.get(person) ?? [])
        .filter(({ typeIds }) => typeIds.includes(PRIMARY_COMPANY))
        .map(({ id }) => ({ ref: { object: RELATED_OBJECT.company, id }, kind: 'company', modifiedAt: undefined })),
    failureOf: (person) => unread.get(person),
  };
}

type OpenKind = Exclude<Kind, 'company'>;

async function openRecords(session: ApiSession, kind: OpenKind, links: AssociationReading): Promise<KindReading> {
  const object = RELATED_OBJECT[kind];
  const ids = [...new Set([...links.linked.values()].flatMap((records) => records.map(({ id }) => id)))];
  const { isOpen, properties } = OPENNESS[kind];
  const { records, unread } = await batchRead(session, { object, ids, properties: [MODIFIED, ...properties] });
  // Who is not among them was deleted since it was linked.
  const open = new Map(
    records
      .filter((record) => record.archived !== true && isOpen(record.properties))
      .map((record): readonly [string, RelatedRecord] => [
        record.id,
        { ref: { object, id: record.id }, kind, modifiedAt: record.properties[MODIFIED] ?? record.updatedAt },
      ]),
  );
  const linkedTo = (person: string): readonly AssociatedRecord[] => links.linked.get(person) ?? [];
  return {
    recordsOf: (person) =>
      linkedTo(person)
        .flatMap(({ id }) => open.get(id) ?? [])
        .toSorted((a, b) => timeOf(b) - timeOf(a)),
    failureOf: (person) =>
      links.unread.get(person) ??
      linkedTo(person)
        .map(({ id }) => unread.get(id))
        .find((failure) => failure !== undefined),
  };
}

const MODIFIED = 'hs_lastmodifieddate';

function timeOf({ modifiedAt }: RelatedRecord): number {
  const time = Date.parse(modifiedAt ?? '');
  return Number.isNaN(time) ? 0 : time;
}

type Properties = HubSpotRecord['properties'];

/** By which properties an object is open. */
interface Openness {
  readonly properties: readonly string[];
  readonly isOpen: (properties: Properties) => boolean;
}

const OPENNESS: Readonly<Record<OpenKind, Openness>> = {
  // Won or lost (HubSpot's deal properties).
  deal: { properties: ['hs_is_closed'], isOpen: ({ hs_is_closed: closed }) => closed !== 'true' },
  ticket: { properties: ['closed_date', 'hs_ticket_reopened_at'], isOpen: isOpenTicket },
};

/**
 * Tickets have no property that says "closed" (lists of accounts' properties), but the date they were closed at. What
 * becomes of it when a ticket is opened again is not documented; assumed: it is cleared, or the date of the opening is
 * the later one.
 */
function isOpenTicket({ closed_date: closedAt, hs_ticket_reopened_at: reopenedAt }: Properties): boolean {
  return isBlank(closedAt) || (!isBlank(reopenedAt) && Date.parse(reopenedAt) > Date.parse(closedAt));
}

/** Never set is null, cleared is an empty text (recorded). */
function isBlank(value: string | null | undefined): value is '' | null | undefined {
  return value === undefined || value === null || value === '';
}
