import { randomUUID } from 'node:crypto';
import type {
  CrmFailure,
  Finding,
  PersonSearch,
  RecordRead,
  RecordRef,
  RemoveResult,
  TaskWrite,
  WriteResult,
} from '../../src/domain/crm.ts';
import type { Connector, Provisioning } from '../connector.ts';
import { describeFields, isCsvObject, OBJECTS } from './columns.ts';
import { fileFailure } from './file-failure.ts';
import { createFindPeople, only } from './find-people.ts';
import { createLinkRecords } from './link-records.ts';
import { openLogFolder, type LogFolder } from './log-folder.ts';
import { upsertRecords, type Stamp } from './upsert.ts';

export interface CsvLogOptions {
  /** Absolute; made when it is missing. */
  readonly folder: string;
  /** ISO 3166 alpha-2: the country of numbers without a country code. */
  readonly defaultCountry: string;
  /** Random ids unless given: an id made of the key would give a phone number away. */
  readonly newId?: () => string;
  readonly now?: () => Date;
}

/**
 * A target that is no CRM: people, activities, tasks and links as rows of CSV files. For a trial without an account, and
 * for whoever takes conversations over by file. One connection has one folder, and one writer.
 */
export function createCsvLogConnector(options: CsvLogOptions): Connector {
  const folder = openLogFolder(options.folder);
  const { people, activities, tasks } = folder.records;
  const stamp: Stamp = { newId: options.newId ?? randomUUID, now: options.now ?? (() => new Date()) };
  const findPeople = createFindPeople(people, options.defaultCountry);
  const linkRecords = createLinkRecords(folder);
  const inTurn = createTurns();

  /** One step at a time: it reads what is there, decides, and appends. A file system's error is each item's result. */
  function each<R>(
    items: readonly unknown[],
    step: () => Promise<readonly R[]>,
    failed: (failure: CrmFailure) => R,
  ): Promise<readonly R[]> {
    return inTurn(() => orFailure(step, (reason) => items.map(() => failed(reason))));
  }

  const read = (refs: readonly RecordRef[], fields: readonly string[]) =>
    each<RecordRead>(
      refs,
      () => readRecords(folder, refs, fields),
      (reason) => ({ kind: 'could_not_check', failure: reason }),
    );

  return {
    crm: 'csv-log',
    provision: ({ looksOnly = false }) =>
      inTurn(() =>
        orFailure<Provisioning>(
          async () =>
            looksOnly
              ? { kind: 'ready', created: [], missing: await folder.missing() }
              : { kind: 'ready', created: await folder.prepare() },
          (reason) => ({ kind: 'failed', failure: reason }),
        ),
      ),
    lookUpPeople: (queries, fields) =>
      each<PersonSearch>(
        queries,
        async () => {
          await people.refresh();
          return queries.map((query) => ({ kind: 'checked', candidates: findPeople(query, fields) }));
        },
        (reason) => ({ kind: 'could_not_check', failure: reason }),
      ),
    readPeople: read,
    readRecords: read,
    upsertPeople: (writes) => each(writes, () => upsertRecords(people, 'people', writes, stamp), refused),
    upsertActivities: (writes) => {
      const rows = writes.map(({ key, kind, fields }) => ({ key, fields: { ...fields, kind } }));
      return each(writes, () => upsertRecords(activities, 'activities', rows, stamp), refused);
    },
    upsertTasks: (writes) => each(writes, () => upsertRecords(tasks, 'tasks', writes.map(taskRow), stamp), refused),
    link: (writes) => each(writes, () => linkRecords(writes), refused),
    completeTasks: (refs) => each(refs, () => completeTasks(folder, refs, stamp), refused),
    remove: (refs) => each(refs, () => removeRecords(folder, refs, stamp), refused),
    findRelated: (queries) => Promise.resolve(queries.map(() => ({ kind: 'checked', records: [] }))),
    findOwners: (queries) => Promise.resolve(queries.map(() => ({ kind: 'unknown' }))),
    describe: () =>
      Promise.resolve({
        kind: 'described',
        objects: Object.fromEntries(OBJECTS.map((object) => [object, describeFields(object)])),
      }),
    check: () =>
      inTurn(() =>
        orFailure(
          () => checkFolder(folder),
          (reason) => [notWritable(reason)],
        ),
      ),
    quota: () => [],
    close: () => inTurn(() => Promise.resolve()),
  };
}

function refused(reason: CrmFailure): { readonly kind: 'refused'; readonly failure: CrmFailure } {
  return { kind: 'refused', failure: reason };
}

/** `person` is left out: who it belongs to stands in the file of links. */
function taskRow({ key, fields }: TaskWrite) {
  return { key, fields };
}

async function readRecords(
  folder: LogFolder,
  refs: readonly RecordRef[],
  fields: readonly string[],
): Promise<readonly RecordRead[]> {
  const objects = [...new Set(refs.map(({ object }) => object).filter(isCsvObject))];
  for (const object of objects) await folder.records[object].refresh();
  return refs.map(({ object, id }): RecordRead => {
    const record = isCsvObject(object) ? folder.records[object].byId(id) : undefined;
    if (record === undefined) return { kind: 'gone' };
    return { kind: 'present', ref: { object, id }, fields: only(record.fields, fields) };
  });
}

async function completeTasks(
  folder: LogFolder,
  refs: readonly RecordRef[],
  stamp: Stamp,
): Promise<readonly WriteResult[]> {
  const { tasks } = folder.records;
  await tasks.refresh();
  const writes = refs.map((ref) => ({ key: tasks.byId(ref.id)?.key ?? '', ref, fields: { status: 'done' } }));
  return upsertRecords(tasks, 'tasks', writes, stamp);
}

/** A removed record keeps its rows: a log forgets nothing by itself. */
async function removeRecords(
  folder: LogFolder,
  refs: readonly RecordRef[],
  { now }: Stamp,
): Promise<readonly RemoveResult[]> {
  const results: RemoveResult[] = [];
  for (const { object, id } of refs) {
    const file = isCsvObject(object) ? folder.records[object] : undefined;
    await file?.refresh();
    const record = file?.byId(id);
    if (file !== undefined && record !== undefined) {
      await file.append([{ ...record, state: 'removed', modifiedAt: now().toISOString() }]);
    }
    results.push({ kind: record === undefined ? 'gone' : 'removed' });
  }
  return results;
}

async function checkFolder(folder: LogFolder): Promise<readonly Finding[]> {
  await folder.assertWritable();
  return [{ severity: 'ok', code: 'folder_writable', what: 'The folder can be written to.', fix: '', fixable: false }];
}

function notWritable({ code }: CrmFailure): Finding {
  return {
    severity: 'error',
    code: 'folder_not_writable',
    what: `The folder cannot be written to (${code}).`,
    fix: 'The operator of this machine makes the folder and gives the user of the worker leave to write there; a folder that is only missing is made by `--fix`.',
    fixable: code === 'csv-log.ENOENT',
  };
}

async function orFailure<T>(step: () => Promise<T>, failed: (failure: CrmFailure) => T): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const reason = fileFailure(error);
    if (reason === undefined) throw error;
    return failed(reason);
  }
}

/** Runs steps one after the other, in the order they were given; a step that failed holds up nobody. */
function createTurns(): <T>(step: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (step) => {
    const turn = last.then(step, step);
    last = turn;
    return turn;
  };
}
