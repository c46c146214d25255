import { Refusal, requestProblem } from './refusal.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a parsed JSON value is an object with keys. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The body as an object. @throws Refusal in the words of Salesforce's parser. */
export function objectBody(body: unknown): JsonObject {
  if (isJsonObject(body)) return body;
  throw new Refusal(requestProblem('JSON_PARSER_ERROR', 'The HTTP entity body is required, and is a JSON object'));
}

/** The list of objects under `name`. @throws Refusal when it is absent or something else. */
export function objectList(body: JsonObject, name: string): readonly JsonObject[] {
  const value = body[name];
  if (!Array.isArray(value)) throw new Refusal(requestProblem('JSON_PARSER_ERROR', `${name} must be a list`));
  return value.map(objectBody);
}

/** The list of strings under `name`. @throws Refusal when it is absent or something else. */
export function stringList(body: JsonObject, name: string): readonly string[] {
  const value = body[name];
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new Refusal(requestProblem('JSON_PARSER_ERROR', `${name} must be a list of strings`));
  }
  return value;
}
