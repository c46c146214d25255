import { invalid, Refusal } from './refusal.ts';
import {
  isJsonObject,
  objectBody,
  optionalString,
  requiredList,
  requiredString,
  stringList,
  type JsonObject,
} from './request-body.ts';

/** Limits of HubSpot's search guide. */
const searchLimits = {
  bodyCharacters: 3_000,
  groups: 5,
  filtersPerGroup: 6,
  filters: 18,
  pageSize: 200,
  results: 10_000,
} as const;

export type SearchFilter =
  | { readonly operator: 'HAS_PROPERTY' | 'NOT_HAS_PROPERTY'; readonly propertyName: string }
  | { readonly operator: 'IN' | 'NOT_IN'; readonly propertyName: string; readonly values: readonly string[] }
  | { readonly operator: 'BETWEEN'; readonly propertyName: string; readonly value: string; readonly highValue: string }
  | {
      readonly operator: 'EQ' | 'NEQ' | 'LT' | 'LTE' | 'GT' | 'GTE' | 'CONTAINS_TOKEN' | 'NOT_CONTAINS_TOKEN';
      readonly propertyName: string;
      readonly value: string;
    };

export interface SearchRequest {
  /** Groups are alternatives, the filters of one group hold together. */
  readonly groups: readonly (readonly SearchFilter[])[];
  readonly query: string;
  readonly sort: { readonly propertyName: string; readonly descending: boolean } | null;
  readonly properties: readonly string[];
  readonly limit: number;
  readonly offset: number;
}

/** Reads a search body and refuses what is over HubSpot's limits. `bodyLength` is its length in characters. */
export function readSearchRequest(body: unknown, bodyLength: number): SearchRequest {
  if (bodyLength > searchLimits.bodyCharacters) {
    refuse(`The request body is longer than the maximum of ${searchLimits.bodyCharacters} characters.`);
  }
  const request = objectBody(body);
  const groups = readGroups(request);
  const limit = readLimit(request);
  const offset = readOffset(request);
  if (offset + limit > searchLimits.results) {
    refuse(`Paging beyond ${searchLimits.results} results is not supported by search.`);
  }
  return {
    groups,
    query: optionalString(request, 'query') ?? '',
    sort: readSort(request),
    properties: stringList(request, 'properties'),
    limit,
    offset,
  };
}

function readGroups(request: JsonObject): readonly (readonly SearchFilter[])[] {
  const groups =
    request.filterGroups === undefined
      ? // The short form: filters at the top are one group.
        request.filters === undefined
        ? []
        : [{ filters: requiredList(request, 'filters') }]
      : requiredList(request, 'filterGroups');
  if (groups.length > searchLimits.groups) refuse(`A search may have at most ${searchLimits.groups} filter groups.`);
  const read = groups.map((group) => requiredList(objectBody(group), 'filters').map(readFilter));
  if (read.some((filters) => filters.length > searchLimits.filtersPerGroup)) {
    refuse(`A filter group may have at most ${searchLimits.filtersPerGroup} filters.`);
  }
  if (read.flat().length > searchLimits.filters) {
    refuse(`A search may have at most ${searchLimits.filters} filters in total.`);
  }
  return read;
}

function readFilter(raw: unknown): SearchFilter {
  const filter = objectBody(raw);
  const propertyName = requiredString(filter, 'propertyName');
  const operator = requiredString(filter, 'operator');
  switch (operator) {
    case 'HAS_PROPERTY':
    case 'NOT_HAS_PROPERTY':
      if (filter.value !== undefined) refuse(`Operator ${operator} does not take a value.`);
      return { operator, propertyName };
    case 'IN':
    case 'NOT_IN':
      requiredList(filter, 'values');
      return { operator, propertyName, values: stringList(filter, 'values') };
    case 'BETWEEN':
      return {
        operator,
        propertyName,
        value: requiredString(filter, 'value'),
        highValue: requiredString(filter, 'highValue'),
      };
    case 'EQ':
    case 'NEQ':
    case 'LT':
    case 'LTE':
    case 'GT':
    case 'GTE':
    case 'CONTAINS_TOKEN':
    case 'NOT_CONTAINS_TOKEN':
      return { operator, propertyName, value: requiredString(filter, 'value') };
    default:
      return refuse(`'${operator}' is not an operator of search.`);
  }
}

function readSort(request: JsonObject): SearchRequest['sort'] {
  const given = request.sorts;
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return null;
  const [sort, ...more] = requiredList(request, 'sorts');
  if (more.length > 0) refuse('Only one sort is supported by search.');
  if (typeof sort === 'string') return { propertyName: sort.replace(/^-/, ''), descending: sort.startsWith('-') };
  if (!isJsonObject(sort)) return refuse('A sort is a property name or an object.');
  return {
    propertyName: requiredString(sort, 'propertyName'),
    descending: optionalString(sort, 'direction') === 'DESCENDING',
  };
}

function readLimit(request: JsonObject): number {
  const limit = request.limit ?? 10;
  if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 0)
    return refuse('limit must be a whole number.');
  if (limit > searchLimits.pageSize) return refuse(`limit must be at most ${searchLimits.pageSize}.`);
  return limit;
}

function readOffset(request: JsonObject): number {
  const after = request.after ?? '0';
  const offset = typeof after === 'number' ? after : Number(after);
  return Number.isInteger(offset) && offset >= 0
    ? offset
    : refuse('after must be a cursor that a search has answered.');
}

function refuse(message: string): never {
  throw new Refusal(invalid(message));
}
