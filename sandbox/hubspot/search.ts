import type { Account } from './account.ts';
import type { Answer, Call } from './endpoint.ts';
import { objectTypeFromPath, type ObjectType } from './object-types.ts';
import { readView, showIndexed } from './record-view.ts';
import { invalid, Refusal } from './refusal.ts';
import { compareValues, predicateOf, type Predicate } from './search-filter.ts';
import type { IndexedRecord } from './search-index.ts';
import { readSearchRequest, type SearchFilter, type SearchRequest } from './search-request.ts';

/** `POST .../{objectType}/search`. */
export function searchObjects(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  const request = readSearchRequest(call.body, call.bodyLength);
  const found = sorted(findMatches(call.account, type, request), call.account, type, request);
  const page = found.slice(request.offset, request.offset + request.limit);
  const view = readView(call.account.registry, type, request.properties);
  // Recorded: just after an archive the total still counts the record, while the results no longer show it.
  const results = page
    .filter((record) => call.account.records.live(type.name, record.id) !== null)
    .map((record) => showIndexed(record, view));
  const next = request.offset + request.limit;
  const paging = next < found.length ? { paging: { next: { after: String(next) } } } : {};
  return { status: 200, body: { total: found.length, results, ...paging } };
}

function findMatches(account: Account, type: ObjectType, request: SearchRequest): IndexedRecord[] {
  const records = account.searchIndex.records(type.name);
  const matchesQuery = queryPredicate(type, request.query);
  if (request.groups.length === 0) return [...records.values()].filter((record) => matchesQuery(record.values));
  const found = new Map<string, IndexedRecord>();
  for (const group of request.groups) {
    const predicates = group.map((filter) => predicateOf(filter, filteredProperty(account, type, filter)));
    for (const record of candidates(account, type, group, records)) {
      if (!matchesQuery(record.values) || !predicates.every((matches) => matches(record.values))) continue;
      found.set(record.id, record);
    }
  }
  return [...found.values()];
}

/** The records one group needs to look at: few when one of its filters asks for a text exactly, else all. */
function candidates(
  account: Account,
  type: ObjectType,
  group: readonly SearchFilter[],
  records: ReadonlyMap<string, IndexedRecord>,
): Iterable<IndexedRecord> {
  for (const filter of group) {
    const isText = ['string', 'phone_number', 'enumeration'].includes(filteredProperty(account, type, filter).type);
    if (!isText) continue;
    const wanted = exactlyWanted(filter);
    if (wanted === null) continue;
    const ids = wanted.flatMap((value) => [...account.searchIndex.idsWith(type.name, filter.propertyName, value)]);
    return ids.flatMap((id) => records.get(id) ?? []);
  }
  return records.values();
}

function exactlyWanted(filter: SearchFilter): readonly string[] | null {
  if (filter.operator === 'EQ') return [filter.value];
  return filter.operator === 'IN' ? filter.values : null;
}

function filteredProperty(account: Account, type: ObjectType, filter: SearchFilter) {
  const property = account.registry.find(type.name, filter.propertyName);
  if (property !== undefined) return property;
  const message = `Property "${filter.propertyName}" does not exist`;
  throw new Refusal(
    invalid('There was a problem with the request.', {
      errors: [{ message, code: 'PROPERTY_DOESNT_EXIST', context: { propertyName: [filter.propertyName] } }],
    }),
  );
}

function queryPredicate(type: ObjectType, query: string): Predicate {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return () => true;
  return (values) => {
    const text = type.searchedByQuery
      .map((name) => values[name] ?? '')
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** By the asked property; otherwise oldest first, which is the order of ids. */
function sorted(found: IndexedRecord[], account: Account, type: ObjectType, request: SearchRequest): IndexedRecord[] {
  const { sort } = request;
  if (sort === null) return found.sort((a, b) => Number(a.id) - Number(b.id));
  const property = account.registry.find(type.name, sort.propertyName);
  if (property === undefined) {
    throw new Refusal(invalid(`Sort property '${sort.propertyName}' does not exist`));
  }
  const sign = sort.descending ? -1 : 1;
  const valueOf = (record: IndexedRecord): string => record.values[sort.propertyName] ?? '';
  return found.sort((a, b) => sign * compareValues(property, valueOf(a), valueOf(b)) || Number(a.id) - Number(b.id));
}
