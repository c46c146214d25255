import {
  batchAssociate,
  batchAssociateDefault,
  batchDissociate,
  batchReadAssociations,
} from './association-batch-endpoints.ts';
import { associateDefault, associateLabelled, dissociate, listAssociations } from './association-endpoints.ts';
import { objectScopes, schemaScopes } from './authorization.ts';
import { batchArchive, batchCreate, batchRead, batchUpdate, batchUpsert } from './batch-endpoints.ts';
import type { Endpoint, EndpointClass } from './endpoint.ts';
import { archiveObject, createObject, listObjects, readObject, updateObject } from './object-endpoints.ts';
import { findObjectType } from './object-types.ts';
import { listOwners, readAccount, readOwner } from './owner-endpoints.ts';
import {
  archiveProperty,
  batchCreateProperties,
  batchReadProperties,
  createGroup,
  createProperty,
  listGroups,
  listProperties,
  readProperty,
  updateProperty,
} from './property-endpoints.ts';
import { searchObjects } from './search.ts';

export type PathParts = Readonly<Record<string, string>>;

export interface Route {
  readonly method: string;
  /** First part of the path that names the API. */
  readonly area: string;
  readonly pattern: readonly string[];
  /** The undated version it exists in, beside the dated ones. */
  readonly classicVersion: 'v3' | 'v4';
  readonly endpoint: EndpointClass;
  /** The scopes that guard each of the objects in the path: of each list the token needs one. */
  readonly scopes: (parts: PathParts) => readonly (readonly string[])[];
  readonly run: Endpoint;
}

type Scopes = Route['scopes'];

const records =
  (access: 'read' | 'write'): Scopes =>
  (parts) =>
    [parts.type, parts.to].flatMap((name) => {
      const type = findObjectType(name ?? '');
      return type === null ? [] : [objectScopes(type, access)];
    });

const definitions =
  (access: 'read' | 'write'): Scopes =>
  (parts) => {
    const type = findObjectType(parts.type ?? '');
    return type === null ? [] : [schemaScopes(type, access)];
  };

const owners: Scopes = () => [['crm.objects.owners.read']];
const anyToken: Scopes = () => [];

const [read, write] = [records('read'), records('write')];
const [readSchema, writeSchema] = [definitions('read'), definitions('write')];

function v3(method: string, path: string, endpoint: EndpointClass, scopes: Scopes, run: Endpoint): Route {
  const [area = '', ...pattern] = path.split('/');
  return { method, area, pattern, classicVersion: 'v3', endpoint, scopes, run };
}

function v4(method: string, path: string, endpoint: EndpointClass, scopes: Scopes, run: Endpoint): Route {
  return { ...v3(method, path, endpoint, scopes, run), classicVersion: 'v4' };
}

/** Every endpoint there is. Parts that start with a colon are named; fixed ones come before named ones. */
export const routes: readonly Route[] = [
  v3('POST', 'objects/:type/batch/read', 'batch read', read, batchRead),
  v3('POST', 'objects/:type/batch/create', 'batch create', write, batchCreate),
  v3('POST', 'objects/:type/batch/update', 'batch update', write, batchUpdate),
  v3('POST', 'objects/:type/batch/upsert', 'batch upsert', write, batchUpsert),
  v3('POST', 'objects/:type/batch/archive', 'batch archive', write, batchArchive),
  v3('POST', 'objects/:type/search', 'search', read, searchObjects),
  v3('GET', 'objects/:type', 'list', read, listObjects),
  v3('POST', 'objects/:type', 'create', write, createObject),
  v3('GET', 'objects/:type/:id', 'read', read, readObject),
  v3('PATCH', 'objects/:type/:id', 'update', write, updateObject),
  v3('DELETE', 'objects/:type/:id', 'archive', write, archiveObject),
  v4('PUT', 'objects/:type/:id/associations/default/:to/:toId', 'associations write', write, associateDefault),
  v4('PUT', 'objects/:type/:id/associations/:to/:toId', 'associations write', write, associateLabelled),
  v4('DELETE', 'objects/:type/:id/associations/:to/:toId', 'associations write', write, dissociate),
  v4('GET', 'objects/:type/:id/associations/:to', 'associations read', read, listAssociations),
  v4('POST', 'associations/:type/:to/batch/associate/default', 'associations write', write, batchAssociateDefault),
  v4('POST', 'associations/:type/:to/batch/create', 'associations write', write, batchAssociate),
  v4('POST', 'associations/:type/:to/batch/read', 'associations read', read, batchReadAssociations),
  v4('POST', 'associations/:type/:to/batch/archive', 'associations write', write, batchDissociate),
  v3('POST', 'properties/:type/batch/read', 'properties read', readSchema, batchReadProperties),
  v3('POST', 'properties/:type/batch/create', 'properties write', writeSchema, batchCreateProperties),
  v3('GET', 'properties/:type/groups', 'properties read', readSchema, listGroups),
  v3('POST', 'properties/:type/groups', 'properties write', writeSchema, createGroup),
  v3('GET', 'properties/:type', 'properties read', readSchema, listProperties),
  v3('POST', 'properties/:type', 'properties write', writeSchema, createProperty),
  v3('GET', 'properties/:type/:name', 'properties read', readSchema, readProperty),
  v3('PATCH', 'properties/:type/:name', 'properties write', writeSchema, updateProperty),
  v3('DELETE', 'properties/:type/:name', 'properties write', writeSchema, archiveProperty),
  v3('GET', 'owners', 'owners', owners, listOwners),
  v3('GET', 'owners/:id', 'owners', owners, readOwner),
  v3('GET', 'account-info/details', 'account', anyToken, readAccount),
];
