import type { Answer, Call } from './endpoint.ts';
import { objectTypeFromPath, type ObjectType } from './object-types.ts';
import {
  describeProperty,
  fieldTypesOf,
  type PropertyDefinition,
  type PropertyGroup,
  type PropertyOption,
  type PropertyType,
} from './property-definition.ts';
import { propertyNotFound } from './property-registry.ts';
import { errorRow, invalid, Refusal } from './refusal.ts';
import {
  batchInputs,
  objectBody,
  optionalString,
  requiredList,
  requiredString,
  type JsonObject,
} from './request-body.ts';
import { batchAnswer } from './write-batch.ts';

const maxInputs = 100;

export function listProperties(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  return {
    status: 200,
    body: { results: call.account.registry.list(type.name).map((property) => describeProperty(property)) },
  };
}

export function readProperty(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  return { status: 200, body: describeProperty(knownProperty(call, type)) };
}

export function createProperty(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  const property = readDefinition(call, objectBody(call.body));
  addProperty(call, type, property);
  return { status: 201, body: describeProperty(property) };
}

/** `PATCH`: label, description, group and options; that values are unique "can't be changed" afterwards. */
export function updateProperty(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  const known = knownProperty(call, type);
  const body = objectBody(call.body);
  if (known.hubspotDefined) throw new Refusal(invalid(`Property ${known.name} is defined by HubSpot.`));
  const asked = body.hasUniqueValue;
  if (asked !== undefined && asked !== known.hasUniqueValue) {
    throw new Refusal(invalid('hasUniqueValue cannot be changed after a property was created.'));
  }
  const updated: PropertyDefinition = {
    ...known,
    label: optionalString(body, 'label') ?? known.label,
    description: optionalString(body, 'description') ?? known.description,
    options: body.options === undefined ? known.options : readOptions(body),
  };
  call.account.registry.update(type, updated);
  return { status: 200, body: describeProperty(updated) };
}

export function archiveProperty(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  const problem = call.account.registry.remove(type, call.path('name'));
  if (problem !== null) throw new Refusal(problem);
  return { status: 204 };
}

export function batchReadProperties(call: Call): Answer {
  const { account } = call;
  const type = objectTypeFromPath(call.path('type'));
  const names = batchInputs(call.body, maxInputs).map((input) => requiredString(input, 'name'));
  const found = names.map((name) => ({ name, property: account.registry.find(type.name, name) }));
  return batchAnswer(account, {
    startedAt: account.options.now(),
    results: found.flatMap(({ property }) => (property === undefined ? [] : [describeProperty(property)])),
    errors: found.flatMap(({ name, property }) => (property === undefined ? [errorRow(propertyNotFound(name))] : [])),
    allWell: 200,
  });
}

export function batchCreateProperties(call: Call): Answer {
  const { account } = call;
  const type = objectTypeFromPath(call.path('type'));
  const properties = batchInputs(call.body, maxInputs).map((input) => readDefinition(call, input));
  for (const property of properties) addProperty(call, type, property);
  const allWell = call.version === '2026-09' ? 200 : 201;
  const results = properties.map((property) => describeProperty(property));
  return batchAnswer(account, { startedAt: account.options.now(), results, errors: [], allWell });
}

export function listGroups(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  return { status: 200, body: { results: call.account.registry.groups(type.name).map(describeGroup) } };
}

export function createGroup(call: Call): Answer {
  const type = objectTypeFromPath(call.path('type'));
  const body = objectBody(call.body);
  const group = { name: requiredString(body, 'name'), label: requiredString(body, 'label'), displayOrder: -1 };
  const problem = call.account.registry.createGroup(type.name, group);
  if (problem !== null) throw new Refusal(problem);
  return { status: 201, body: describeGroup(group) };
}

const describeGroup = (group: PropertyGroup): unknown => ({ archived: false, ...group });

function knownProperty(call: Call, type: ObjectType): PropertyDefinition {
  const property = call.account.registry.find(type.name, call.path('name'));
  if (property === undefined) throw new Refusal(propertyNotFound(call.path('name')));
  return property;
}

function addProperty(call: Call, type: ObjectType, property: PropertyDefinition): void {
  const problem = call.account.registry.create(type, property);
  if (problem !== null) throw new Refusal(problem);
  if (property.hasUniqueValue) call.account.records.reindex(type.name, property.name);
}

function readDefinition(call: Call, body: JsonObject): PropertyDefinition {
  const type = readType(requiredString(body, 'type'));
  const options = type === 'bool' && body.options === undefined ? trueOrFalse : readOptions(body);
  if (type === 'enumeration' && options.length === 0 && body.externalOptions !== true) {
    throw new Refusal(invalid('A property of type enumeration needs options.'));
  }
  return {
    name: requiredString(body, 'name'),
    label: requiredString(body, 'label'),
    description: optionalString(body, 'description') ?? '',
    type,
    fieldType: requiredString(body, 'fieldType'),
    groupName: requiredString(body, 'groupName'),
    options,
    externalOptions: body.externalOptions === true,
    hasUniqueValue: body.hasUniqueValue === true,
    calculated: false,
    readOnlyValue: false,
    hubspotDefined: false,
    formField: body.formField === true,
    displayOrder: typeof body.displayOrder === 'number' ? body.displayOrder : -1,
    createdAt: call.account.options.now(),
  };
}

const trueOrFalse: readonly PropertyOption[] = [
  { value: 'true', label: 'Yes' },
  { value: 'false', label: 'No' },
];

function readType(text: string): PropertyType {
  if (isPropertyType(text)) return text;
  throw new Refusal(invalid(`Invalid input JSON on line 1, column 2: '${text}' is not a property type.`));
}

function isPropertyType(text: string): text is PropertyType {
  return Object.hasOwn(fieldTypesOf, text);
}

function readOptions(body: JsonObject): readonly PropertyOption[] {
  if (body.options === undefined) return [];
  return requiredList(body, 'options').map((raw) => {
    const option = objectBody(raw);
    return { value: requiredString(option, 'value'), label: requiredString(option, 'label') };
  });
}
