import { objectFromPath, type Answer, type Call } from './endpoint.ts';
import { describeField } from './describe-field.ts';
import type { ObjectType } from './object-types.ts';
import { recordUrl } from './record-view.ts';

/** `GET sobjects`: every object the user sees, without fields. */
export function describeGlobal({ org, version }: Call): Answer {
  const sobjects = org.schema.objects().map((type) => ({ ...facts(type), urls: urls(version, type) }));
  return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects } };
}

/** `GET sobjects/{type}`: a short description and what was looked at lately. */
export function describeBriefly(call: Call): Answer {
  const type = objectFromPath(call);
  const objectDescribe = { ...facts(type), urls: urls(call.version, type) };
  return { status: 200, body: { objectDescribe, recentItems: [] } };
}

/** `GET sobjects/{type}/describe`: the object with every field the user sees (recorded). */
export function describeObject(call: Call): Answer {
  const { org, version } = call;
  const type = objectFromPath(call);
  const body = {
    actionOverrides: [],
    childRelationships: [],
    ...facts(type),
    compactLayoutable: true,
    fields: org.schema.fields(type.name).map(describeField),
    listviewable: null,
    lookupLayoutable: null,
    namedLayoutInfos: [],
    networkScopeFieldName: null,
    recordTypeInfos: [...recordTypes(org, version, type), masterRecordType(version, type)],
    searchLayoutable: type.isSearchable,
    sobjectDescribeOption: 'FULL',
    supportedScopes: [{ label: `All ${type.labelPlural.toLowerCase()}`, name: 'everything' }],
    urls: urls(version, type),
  };
  return { status: 200, body };
}

/** What both descriptions say of an object. */
function facts({ name, label, labelPlural, keyPrefix, isWritable, isSearchable }: ObjectType) {
  return {
    activateable: false,
    createable: isWritable,
    custom: false,
    customSetting: false,
    deletable: isWritable,
    deprecatedAndHidden: false,
    feedEnabled: isWritable,
    hasSubtypes: false,
    isSubtype: false,
    keyPrefix,
    label,
    labelPlural,
    layoutable: isWritable,
    mergeable: ['Account', 'Contact', 'Lead'].includes(name),
    mruEnabled: isWritable,
    name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: isSearchable,
    triggerable: isWritable,
    undeletable: isWritable,
    updateable: isWritable,
  };
}

const masterId = '012000000000000AAA';

/** The record types of the object, those too that the user may not choose. */
function recordTypes({ options }: Call['org'], version: number, { name: object }: ObjectType) {
  return options.recordTypes
    .filter((each) => each.object === object)
    .map(({ id, name, developerName, isActive, isAvailable, isDefault }) => ({
      active: isActive,
      available: isAvailable,
      defaultRecordTypeMapping: isDefault === true,
      developerName,
      master: false,
      name,
      recordTypeId: id,
      urls: { layout: layoutUrl(version, object, id) },
    }));
}

function layoutUrl(version: number, object: string, id: string): string {
  return `/services/data/v${version}.0/sobjects/${object}/describe/layouts/${id}`;
}

function masterRecordType(version: number, { name }: ObjectType) {
  return {
    active: true,
    available: true,
    defaultRecordTypeMapping: true,
    developerName: 'Master',
    master: true,
    name: 'Master',
    recordTypeId: masterId,
    urls: { layout: layoutUrl(version, name, masterId) },
  };
}

function urls(version: number, { name }: ObjectType): Record<string, string> {
  const sobject = `/services/data/v${version}.0/sobjects/${name}`;
  return { sobject, describe: `${sobject}/describe`, rowTemplate: recordUrl(version, { object: name, id: '{ID}' }) };
}
