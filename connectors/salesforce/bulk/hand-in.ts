import type { CrmFailure } from '../../../src/domain/crm.ts';
import { isAboutResource, type ApiSession } from '../api.ts';
import type { Collection } from '../collections.ts';
import { cellsOf, columnsOf, toCsv } from './csv.ts';
import { openJob, setState, upload } from './ingest-jobs.ts';
import { fingerprint, type HandedInJob, type Row } from './unfinished-jobs.ts';

type Upsert = Extract<Collection, { readonly kind: 'upsert' }>;

/**
 * Bytes of one job's data. Salesforce takes 100 MB; the results repeat the data, and an answer may be 8 MB long and take
 * 15 s to arrive.
 */
const MAX_UPLOAD_BYTES = 4 * 1024 * 1024;
/** What a value costs beside its own bytes: a comma and two quotes. */
const BYTES_AROUND_VALUE = 3;

/** A record and its values as they travel. */
export interface BulkRow {
  readonly row: Row;
  /** Its external id. */
  readonly key: string;
  readonly cells: Readonly<Record<string, string>>;
}

/** Rows that can travel in a bulk job, in parts of one job each, and those that cannot. */
export function prepareBulk(
  rows: readonly Row[],
  key: string,
): { readonly parts: readonly (readonly BulkRow[])[]; readonly others: readonly Row[] } {
  const parts: BulkRow[][] = [];
  const others: Row[] = [];
  let room = 0;
  for (const row of rows) {
    const cells = cellsOf(row.payload);
    const id = cells?.[key];
    if (cells === undefined || id === undefined) {
      others.push(row);
      continue;
    }
    const size = Object.values(cells).reduce((sum, text) => sum + Buffer.byteLength(text) + BYTES_AROUND_VALUE, 0);
    if (size > room || parts.length === 0) {
      parts.push([]);
      room = MAX_UPLOAD_BYTES;
    }
    parts.at(-1)?.push({ row, key: id, cells });
    room -= size;
  }
  return { parts, others };
}

export type HandIn =
  | { readonly kind: 'handed_in'; readonly job: HandedInJob }
  /** Nothing was handed in, and nothing will be: the org, or this user, is without the Bulk API. */
  | { readonly kind: 'unavailable' }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/**
 * Gives Salesforce one job to work on. From the moment its upload is closed the job is on its way, whatever becomes of
 * us; one that could not be given its data is ended, and has had no effect.
 *
 * @param now milliseconds since the epoch
 */
export async function handIn(
  session: ApiSession,
  { object, key }: Upsert,
  rows: readonly BulkRow[],
  now: () => number,
): Promise<HandIn> {
  const opened = await openJob(session, object, key);
  if (opened.kind === 'failed') return notHandedIn(opened.failure);
  const { id } = opened.body;
  const records = rows.map(({ cells }) => cells);
  const uploaded = await upload(session, id, toCsv(columnsOf(records), records));
  if (uploaded.kind === 'failed') {
    await setState(session, id, 'Aborted');
    return notHandedIn(uploaded.failure);
  }
  // Whether that has worked, the first look at the job tells.
  await setState(session, id, 'UploadComplete');
  const sent = new Map(rows.map((each) => [each.key, fingerprint(each.row)]));
  return { kind: 'handed_in', job: { id, object, key, handedInAt: now(), rows: sent, end: undefined } };
}

function notHandedIn(failure: CrmFailure): HandIn {
  return isAboutResource(failure) ? { kind: 'unavailable' } : { kind: 'failed', failure };
}
