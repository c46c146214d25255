import { collectionAnswerSchema, compositeAnswerSchema, queryAnswerSchema, textOf, type Row } from './answers.ts';
import { API_ROOT, type ApiSession } from './api.ts';
import {
  collectionRequest,
  readRow,
  writeCollection,
  type Collection,
  type Payload,
  type RowOutcome,
} from './collections.ts';
import { slices } from '../transport/slices.ts';
import { runQueries } from './run-queries.ts';
import { isIn, select } from './soql.ts';

const ACCOUNTS_PER_QUERY = 400;
const ROWS_PER_REQUEST = 200;

/** Tells of person accounts, by account id, the contact that tasks point to. */
export type ContactsByAccount = Map<string, string>;

/**
 * Creates person accounts and reads which contact each has: in one call where our key says afterwards which they are,
 * since a composite's query may come after its collection (Salesforce's REST guide, Composite). Contacts that this does
 * not tell of are read by {@link readContactsOf}.
 */
export async function writePersonAccounts(
  session: ApiSession,
  collection: Collection,
  payloads: readonly Payload[],
  contacts: ContactsByAccount,
): Promise<readonly RowOutcome[]> {
  const outcomes: RowOutcome[] = [];
  for (const part of slices(payloads, ROWS_PER_REQUEST)) {
    outcomes.push(
      ...((await writeAndRead(session, collection, part, contacts)) ??
        (await writeCollection(session, collection, part))),
    );
  }
  return outcomes;
}

/** @returns undefined when nothing was written: without a key, or when one row is at fault and is to be told apart */
async function writeAndRead(
  session: ApiSession,
  collection: Collection,
  payloads: readonly Payload[],
  contacts: ContactsByAccount,
): Promise<readonly RowOutcome[] | undefined> {
  if (collection.kind !== 'upsert') return undefined;
  const keys = payloads.map((payload) => String(payload[collection.key]));
  const { method, path, headers, body } = collectionRequest(collection, payloads);
  const soql = selectContacts(isIn(collection.key, keys));
  const answer = await session.send({
    endpoint: 'collection-upsert',
    method: 'POST',
    path: '/composite',
    body: {
      allOrNone: false,
      // Parts inherit no header of ours.
      compositeRequest: [
        { method, url: `${API_ROOT}${path}`, referenceId: 'written', httpHeaders: headers, body },
        { method: 'GET', url: `${API_ROOT}/query?q=${encodeURIComponent(soql)}`, referenceId: 'contacts' },
      ],
    },
    answer: compositeAnswerSchema,
  });
  if (answer.kind === 'failed') return payloads.map(() => ({ kind: 'refused', failure: answer.failure }));
  const [written, read] = answer.body.compositeResponse;
  if (written?.httpStatusCode === 400) return undefined;
  const rows = collectionAnswerSchema.safeParse(written?.body);
  if (written?.httpStatusCode !== 200 || !rows.success) {
    const failure = session.judge(written?.httpStatusCode, written?.body);
    return payloads.map(() => ({ kind: 'refused', failure }));
  }
  const found = queryAnswerSchema.safeParse(read?.body);
  if (found.success) for (const row of found.data.records) note(contacts, row);
  return payloads.map((_, index) => readRow(session, collection, rows.data[index]));
}

/** Reads the contacts of person accounts that are not yet among them; one call, or none. */
export async function readContactsOf(
  session: ApiSession,
  accountIds: readonly string[],
  contacts: ContactsByAccount,
): Promise<void> {
  const unknown = [...new Set(accountIds)].filter((id) => !contacts.has(id));
  const results = await runQueries(
    session,
    slices(unknown, ACCOUNTS_PER_QUERY).map((ids) => ({ soql: selectContacts(isIn('Id', ids)) })),
  );
  for (const result of results) if (result.kind === 'rows') for (const row of result.rows) note(contacts, row);
}

function selectContacts(where: string | undefined): string {
  return select({ fields: ['Id', 'PersonContactId'], from: 'Account', where: where ?? 'Id = null' });
}

function note(contacts: ContactsByAccount, row: Row): void {
  const contact = textOf(row, 'PersonContactId');
  if (contact !== undefined) contacts.set(row.Id, contact);
}
