import type { LinkResult, LinkWrite } from '../../src/domain/crm.ts';
import { isCsvObject } from './columns.ts';
import { failure } from './file-failure.ts';
import type { LogFolder } from './log-folder.ts';

/** Appends links that are not there yet. Remembers what the file holds. */
export function createLinkRecords(folder: LogFolder): (writes: readonly LinkWrite[]) => Promise<readonly LinkResult[]> {
  const known = new Set<string>();

  return async (writes) => {
    const rows = await folder.links.readIfChanged();
    if (rows !== undefined) {
      known.clear();
      for (const row of rows) known.add(JSON.stringify(row));
    }
    const added: (readonly string[])[] = [];
    const results = writes.map(({ from, to }): LinkResult => {
      if (!isThere(folder, from) || !isThere(folder, to)) {
        return { kind: 'refused', failure: failure('resolve', 'csv-log.record_gone') };
      }
      const row = [from.object, from.id, to.object, to.id];
      if (!known.has(JSON.stringify(row))) added.push(row);
      return { kind: 'linked' };
    });
    if (added.length > 0) await folder.links.append(added);
    for (const row of added) known.add(JSON.stringify(row));
    return results;
  };
}

function isThere(folder: LogFolder, { object, id }: LinkWrite['from']): boolean {
  return isCsvObject(object) && folder.records[object].byId(id) !== undefined;
}
