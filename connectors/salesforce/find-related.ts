import type {
  CrmFailure,
  RecordRef,
  RelatedAnswer,
  RelatedKind,
  RelatedQuery,
  RelatedRecord,
} from '../../src/domain/crm.ts';
import { textOf, textOfParent, toUtc, type Row } from './answers.ts';
import type { ApiSession } from './api.ts';
import { isRecordId, shortId } from './record-ids.ts';
import { runQueries } from './run-queries.ts';
import type { Schema } from './schema.ts';
import { allOf, isAmong, isIn, select } from './soql.ts';
import { slices } from '../transport/slices.ts';

type Kind = RelatedKind<'salesforce'>;

/** Ids to a statement: some 4,000 characters. The four statements about them make one call. */
const PEOPLE_PER_CALL = 200;

/**
 * Finds the account, the open opportunities and the open cases of contacts. A lead has none of them. One call for up to
 * 200 people.
 *
 * Opportunities are those in which the contact has a role; a contact without any has those of the account, for many orgs
 * keep no roles (assumed to be of more use than none). A person account is no account of its own: it is the person.
 */
export async function findRelated(
  session: ApiSession,
  schema: Schema,
  queries: readonly RelatedQuery<'salesforce'>[],
): Promise<readonly RelatedAnswer[]> {
  const contacts = queries.filter(({ person, kinds }) => isContact(person) && kinds.length > 0);
  const kinds = new Set(contacts.flatMap((query) => query.kinds));
  const ids = [...new Set(contacts.map(({ person }) => person.id))];
  const found = new Map<string, Found>();
  for (const part of slices(ids, PEOPLE_PER_CALL)) {
    const answer = await ask(session, schema, part, kinds);
    for (const id of part) found.set(shortId(id), answer);
  }
  return queries.map((query) => answerTo(query, found.get(shortId(query.person.id))));
}

function isContact({ object, id }: RecordRef): boolean {
  return object === 'Contact' && isRecordId(id);
}

/** What a group of people was answered, by statement. */
type Found = Readonly<Record<Statement, Rows>>;
type Rows =
  { readonly kind: 'rows'; readonly rows: readonly Row[] } | { readonly kind: 'failed'; readonly failure: CrmFailure };
type Statement = 'contacts' | 'roles' | 'opportunities' | 'cases';

/** Which statements a kind is answered by. */
const STATEMENTS: Readonly<Record<Kind, readonly Statement[]>> = {
  account: ['contacts'],
  opportunity: ['contacts', 'roles', 'opportunities'],
  case: ['cases'],
};

async function ask(
  session: ApiSession,
  schema: Schema,
  ids: readonly string[],
  kinds: ReadonlySet<Kind>,
): Promise<Found> {
  const wanted = [...new Set([...kinds].flatMap((kind) => STATEMENTS[kind]))];
  const results = await runQueries(
    session,
    wanted.map((statement) => ({ soql: textOfStatement(statement, schema, ids) })),
  );
  const none: Rows = { kind: 'rows', rows: [] };
  const asked = Object.fromEntries(wanted.map((statement, index) => [statement, results[index] ?? none]));
  return { contacts: none, roles: none, opportunities: none, cases: none, ...asked };
}

function textOfStatement(statement: Statement, schema: Schema, ids: readonly string[]): string {
  switch (statement) {
    case 'contacts':
      return select({
        fields: ['Id', 'AccountId', 'Account.LastModifiedDate', ...personFlag(schema)],
        from: 'Contact',
        where: isIn('Id', ids) ?? NOBODY,
      });
    case 'roles':
      return select({
        fields: ['Id', 'ContactId', 'OpportunityId', 'Opportunity.LastModifiedDate'],
        from: 'OpportunityContactRole',
        where: allOf([isIn('ContactId', ids), 'Opportunity.IsClosed = false']) ?? NOBODY,
      });
    case 'opportunities':
      return select({
        fields: ['Id', 'AccountId', 'LastModifiedDate'],
        from: 'Opportunity',
        where:
          allOf([
            isAmong('AccountId', { fields: ['AccountId'], from: 'Contact', where: isIn('Id', ids) ?? NOBODY }),
            'IsClosed = false',
          ]) ?? NOBODY,
      });
    case 'cases':
      return select({
        fields: ['Id', 'ContactId', 'LastModifiedDate'],
        from: 'Case',
        where: allOf([isIn('ContactId', ids), 'IsClosed = false']) ?? NOBODY,
      });
  }
}

const NOBODY = 'Id = null';

function personFlag({ people }: Schema): readonly string[] {
  return people.Contact?.fields.has('IsPersonAccount') === true ? ['IsPersonAccount'] : [];
}

function answerTo({ person, kinds }: RelatedQuery<'salesforce'>, found: Found | undefined): RelatedAnswer {
  if (found === undefined) return { kind: 'checked', records: [] };
  const failed = kinds.flatMap((kind) => STATEMENTS[kind]).map((statement) => found[statement]);
  const failure = failed.find((rows) => rows.kind === 'failed');
  if (failure?.kind === 'failed') return { kind: 'could_not_check', failure: failure.failure };
  const records = kinds.flatMap((kind) => newestFirst(recordsOf(kind, person, found)));
  return { kind: 'checked', records };
}

function recordsOf(kind: Kind, person: RecordRef, found: Found): readonly RelatedRecord[] {
  const contact = rowsFor(found.contacts, 'Id', person.id)[0];
  const accountId = contact === undefined ? undefined : textOf(contact, 'AccountId');
  switch (kind) {
    case 'account':
      if (contact === undefined || accountId === undefined || contact.IsPersonAccount === true) return [];
      return [related(kind, 'Account', accountId, textOfParent(contact, 'Account', 'LastModifiedDate'))];
    case 'opportunity': {
      const roles = rowsFor(found.roles, 'ContactId', person.id).flatMap((row) => {
        const id = textOf(row, 'OpportunityId');
        const modified = textOfParent(row, 'Opportunity', 'LastModifiedDate');
        return id === undefined ? [] : [related(kind, 'Opportunity', id, modified)];
      });
      // Somebody may have several roles in one.
      if (roles.length > 0) return [...new Map(roles.map((role) => [role.ref.id, role])).values()];
      if (accountId === undefined) return [];
      return rowsFor(found.opportunities, 'AccountId', accountId).map((row) =>
        related(kind, 'Opportunity', row.Id, textOf(row, 'LastModifiedDate')),
      );
    }
    case 'case':
      return rowsFor(found.cases, 'ContactId', person.id).map((row) =>
        related(kind, 'Case', row.Id, textOf(row, 'LastModifiedDate')),
      );
  }
}

function rowsFor(rows: Rows, field: string, id: string): readonly Row[] {
  if (rows.kind === 'failed') return [];
  return rows.rows.filter((row) => shortId(textOf(row, field) ?? '') === shortId(id));
}

function related(kind: Kind, object: string, id: string, modified: string | undefined): RelatedRecord {
  return { kind, ref: { object, id }, modifiedAt: toUtc(modified) };
}

function newestFirst(records: readonly RelatedRecord[]): readonly RelatedRecord[] {
  return records.toSorted(
    (a, b) => (b.modifiedAt ?? '').localeCompare(a.modifiedAt ?? '') || a.ref.id.localeCompare(b.ref.id),
  );
}
