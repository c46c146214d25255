import { contextTexts, type BatchAnswer, type ErrorRow, type HubSpotRecord } from './answers.ts';
import type { TracedWrite } from './batch-write.ts';
import type { KeyProperty } from './properties.ts';

/** Which part of a batch's answer belongs to which write. */
export interface WriteMatch {
  readonly records: ReadonlyMap<TracedWrite, HubSpotRecord>;
  readonly rows: ReadonlyMap<TracedWrite, ErrorRow>;
  /** Writes the answer does not name. */
  readonly unanswered: readonly TracedWrite[];
  /** Results that name none of the writes. */
  readonly unnamed: readonly HubSpotRecord[];
}

/**
 * Results come in another order than the inputs (recorded), so each is found by what it carries: the trace id, the
 * record id of an update, the unique property of an upsert. An error row is found by its trace id, or by the id it names;
 * one that names nobody is taken to be about whoever is left without an answer.
 */
export function matchWriteAnswer(writes: readonly TracedWrite[], answer: BatchAnswer, key: KeyProperty): WriteMatch {
  const rows = new Map<TracedWrite, ErrorRow>();
  const nameless: ErrorRow[] = [];
  for (const row of answer.errors) {
    const named = writes.filter((write) => namesWrite(row, write));
    for (const write of named) rows.set(write, row);
    if (named.length === 0) nameless.push(row);
  }

  const records = new Map<TracedWrite, HubSpotRecord>();
  const unnamed: HubSpotRecord[] = [];
  const find = createFinder(writes, key);
  for (const record of answer.results) {
    const write = find(record);
    if (write === undefined) unnamed.push(record);
    else records.set(write, record);
  }

  const [blame] = nameless;
  const left = writes.filter((write) => !rows.has(write) && !records.has(write));
  if (blame !== undefined && unnamed.length === 0) for (const write of left) rows.set(write, blame);
  return { records, rows, unanswered: left.filter((write) => !rows.has(write)), unnamed };
}

function createFinder(
  writes: readonly TracedWrite[],
  key: KeyProperty,
): (record: HubSpotRecord) => TracedWrite | undefined {
  const byTrace = new Map(writes.map((write) => [write.traceId, write]));
  const byId = new Map(writes.map((write) => [write.id, write]));
  const updates = writes[0]?.by === 'id';
  return (record) => {
    if (record.objectWriteTraceId !== undefined) return byTrace.get(record.objectWriteTraceId);
    const id = updates ? record.id : record.properties[key.name];
    return typeof id === 'string' ? byId.get(id) : undefined;
  };
}

function namesWrite(row: ErrorRow, write: TracedWrite): boolean {
  const traces = contextTexts(row, 'objectWriteTraceId');
  if (traces.length > 0) return traces.includes(write.traceId);
  return [...contextTexts(row, 'ids'), ...contextTexts(row, 'id')].includes(write.id);
}
