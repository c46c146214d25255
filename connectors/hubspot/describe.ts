import type { CrmFailure, DescribedField, Description } from '../../src/domain/crm.ts';
import { propertyListSchema, type ListedProperty } from './answers.ts';
import type { ApiResult, ApiSession } from './api.ts';
import { WRITTEN_OBJECTS, type WrittenObject } from './properties.ts';

/** A property of type string holds at most this many characters (HubSpot's properties guide). */
const STRING_LENGTH = 65_536;

/** Without these a create is refused (HubSpot's guides of the objects); definitions do not say it. */
export const REQUIRED: Readonly<Record<WrittenObject, readonly string[]>> = {
  contacts: [],
  calls: ['hs_timestamp'],
  communications: ['hs_timestamp', 'hs_communication_channel_type'],
  notes: ['hs_timestamp'],
  tasks: ['hs_timestamp'],
};

/** All properties of the objects we write. One object that cannot be read makes the description incomplete: none is given. */
export async function describeObjects(session: ApiSession): Promise<Description> {
  const listings = await Promise.all(WRITTEN_OBJECTS.map((object) => listProperties(session, object)));
  const objects: Record<string, readonly DescribedField[]> = {};
  const failures: CrmFailure[] = [];
  WRITTEN_OBJECTS.forEach((object, index) => {
    const listing = listings[index];
    if (listing?.kind === 'ok') objects[object] = listing.body.map((property) => describeField(object, property));
    else if (listing !== undefined) failures.push(listing.failure);
  });
  const failure = failures.find(({ disposition }) => disposition === 'reconnect') ?? failures[0];
  return failure === undefined ? { kind: 'described', objects } : { kind: 'could_not_check', failure };
}

/** The definitions of an object's properties; archived ones are not among them. */
export async function listProperties(
  session: ApiSession,
  object: WrittenObject,
): Promise<ApiResult<readonly ListedProperty[]>> {
  const result = await session.send({
    endpoint: 'properties',
    method: 'GET',
    family: 'properties',
    path: [object],
    answer: propertyListSchema,
  });
  return result.kind === 'ok' ? { ...result, body: result.body.results.filter(({ archived }) => !archived) } : result;
}

/** A field that people do not see is not for a mapping to write either. */
export function isWritable({ hidden, calculated, modificationMetadata }: ListedProperty): boolean {
  return !hidden && !calculated && !modificationMetadata.readOnlyValue;
}

function describeField(object: WrittenObject, property: ListedProperty): DescribedField {
  const { name, label, type, hasUniqueValue, options } = property;
  return {
    name,
    label: label === '' ? name : label,
    type,
    maxLength: type === 'string' ? STRING_LENGTH : undefined,
    required: REQUIRED[object].includes(name),
    writable: isWritable(property),
    unique: hasUniqueValue || (object === 'contacts' && name === 'email'),
    options: isList(property) ? options.filter(({ hidden }) => !hidden).map(shownOption) : undefined,
  };
}

/** True for a property that takes certain values and lists them: of external options (owners) there is no list. */
export function isList({ type, externalOptions }: ListedProperty): boolean {
  return type === 'enumeration' && !externalOptions;
}

function shownOption(option: ListedProperty['options'][number]): { readonly value: string; readonly label: string } {
  return { value: option.value, label: option.label === '' ? option.value : option.label };
}
