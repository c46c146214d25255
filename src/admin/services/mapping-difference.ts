import type { ConnectionConfiguration, TenantConfiguration } from '../../domain/configuration.ts';
import { rowLists } from '../../mapping/document/rows.ts';
import type { MappingDocument } from '../../mapping/document/schema.ts';
import { canonicalJson } from '../../mapping/document/version.ts';
import { counted } from '../wording.ts';
import { mappingInForce } from './mapping-in-force.ts';
import type { SettingChange } from './setting-change.ts';

/** What a change of the mapping comes to, as one setting: `acme-1f2e3d4c -> acme-9a8b7c6d, 3 rows changed`. */
export function mappingChange(
  before: ConnectionConfiguration | Omit<TenantConfiguration, 'connections'>,
  after: ConnectionConfiguration | Omit<TenantConfiguration, 'connections'>,
): readonly SettingChange[] {
  if (!('crm' in before && 'crm' in after)) return [];
  const [from, to] = [mappingInForce(before), mappingInForce(after)];
  if (from?.version === to?.version) return [];
  const rows = counted(changedRows(from?.document, to?.document), 'row');
  return [{ setting: 'mapping', from: from?.version, to: to && `${to.version}, ${rows} changed` }];
}

/** Rows that are new, gone or other than before. */
function changedRows(before: MappingDocument | undefined, after: MappingDocument | undefined): number {
  const [old, now] = [rowsOf(before), rowsOf(after)];
  return [...old.keys(), ...[...now.keys()].filter((key) => !old.has(key))].filter(
    (key) => old.get(key) !== now.get(key),
  ).length;
}

/** Each row as text, by what it is written for. */
function rowsOf(document: MappingDocument | undefined): ReadonlyMap<string, string> {
  const lists = document === undefined ? [] : rowLists(document);
  return new Map(
    lists.flatMap(({ object, rows }) => rows.map((row) => [`${object} ${row.field}`, canonicalJson(row)] as const)),
  );
}
