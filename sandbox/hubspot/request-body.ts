import { invalid, Refusal } from './refusal.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed JSON value is an object with keys. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body as an object, or HubSpot's refusal of anything else. */
export function objectBody(body: unknown): JsonObject {
  if (isJsonObject(body)) return body;
  throw new Refusal(invalid('Invalid input JSON on line 1, column 1: an object was expected.'));
}

/** A list under `name`; absent or not a list is refused as HubSpot's parser does. */
export function requiredList(object: JsonObject, name: string): readonly unknown[] {
  const value = object[name];
  if (Array.isArray(value)) return value;
  throw new Refusal(missing(name));
}

/** A string under `name`. Numbers are not strings: ids and property values are strings in the schema. */
export function requiredString(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value === 'string') return value;
  throw new Refusal(value === undefined ? missing(name) : wrongType(name, 'a string'));
}

export function optionalString(object: JsonObject, name: string): string | undefined {
  return object[name] === undefined || object[name] === null ? undefined : requiredString(object, name);
}

/** A list of strings under `name`; absent = none. */
export function stringList(object: JsonObject, name: string): readonly string[] {
  const value = object[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Refusal(wrongType(name, 'a list of strings'));
  return value.map((item: unknown) => {
    if (typeof item === 'string') return item;
    throw new Refusal(wrongType(name, 'a list of strings'));
  });
}

/** The `properties` of a write: names to strings; a number, null or list as a value refuses the whole request. */
export function propertiesOf(object: JsonObject): Readonly<Record<string, string>> {
  const given = object.properties;
  if (given === undefined) throw new Refusal(missing('properties'));
  if (!isJsonObject(given)) throw new Refusal(wrongType('properties', 'an object of strings'));
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== 'string') throw new Refusal(wrongType(`properties.${name}`, 'a string'));
  }
  return given as Readonly<Record<string, string>>; // each value was just seen to be a string
}

/** The `inputs` of a batch, at most `max` of them, each an object. */
export function batchInputs(body: unknown, max: number): readonly JsonObject[] {
  const inputs = requiredList(objectBody(body), 'inputs');
  if (inputs.length > max) {
    throw new Refusal(
      invalid(
        `The maximum number of inputs supported in a batch request is ${max}. Please reduce the number of items and try again`,
      ),
    );
  }
  return inputs.map(objectBody);
}

function missing(name: string) {
  return invalid(`Invalid input JSON on line 1, column 2. Some required fields were not set: [${name}]`);
}

function wrongType(name: string, expected: string) {
  return invalid(`Invalid input JSON on line 1, column 2: ${name} must be ${expected}.`);
}
