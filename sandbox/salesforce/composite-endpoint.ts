import { DeadReference, fillReferences, fillText } from './composite-references.ts';
import type { Answer, Call } from './endpoint.ts';
import { errorList, Refusal, requestProblem, type Problem } from './refusal.ts';
import { isJsonObject, objectBody, objectList, type JsonObject } from './request-body.ts';

/** Parts of one composite, and how many of them may be queries or collections (REST guide, Composite). */
const maxParts = 25;
const maxQueriesAndCollections = 5;

interface Part {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly referenceId: string;
}

interface PartAnswer {
  readonly body: unknown;
  readonly httpHeaders: Readonly<Record<string, string>>;
  readonly httpStatusCode: number;
  readonly referenceId: string;
}

/** `POST composite`: parts one after the other, later ones with values out of earlier answers; one call of the limit. */
export function composite(call: Call): Answer {
  const given = objectBody(call.body);
  const parts = objectList(given, 'compositeRequest').map(readPart);
  refuseTooMany(parts);
  refuseRepeatedReferences(parts);
  const allOrNone = given.allOrNone === true;
  let answers: readonly PartAnswer[] = [];
  call.org.records.atomically(() => {
    answers = runParts(call, parts);
    return !allOrNone || answers.every(succeeded);
  });
  const isRolledBack = allOrNone && !answers.every(succeeded);
  const compositeResponse = isRolledBack ? answers.map(asRolledBack) : answers;
  return { status: 200, body: { compositeResponse } };
}

function runParts(call: Call, parts: readonly Part[]): readonly PartAnswer[] {
  const bodies = new Map<string, unknown>();
  return parts.map((part) => {
    const answer = runPart(call, part, bodies);
    bodies.set(part.referenceId, succeeded(answer) ? answer.body : undefined);
    return answer;
  });
}

function runPart(call: Call, part: Part, bodies: ReadonlyMap<string, unknown>): PartAnswer {
  try {
    const url = fillText(part.url, bodies);
    const { status, body, headers } = call.dispatch({ ...part, url, body: fillReferences(part.body, bodies) });
    return answerOf(part, status, body ?? null, headers);
  } catch (error) {
    if (error instanceof DeadReference) return problemOf(part, requestProblem('PROCESSING_HALTED', error.message));
    if (error instanceof Refusal) return problemOf(part, error.problem);
    throw error;
  }
}

function answerOf(
  { referenceId }: Pick<Part, 'referenceId'>,
  httpStatusCode: number,
  body: unknown,
  httpHeaders: Readonly<Record<string, string>> = {},
): PartAnswer {
  return { body, httpHeaders, httpStatusCode, referenceId };
}

function problemOf(part: Pick<Part, 'referenceId'>, problem: Problem): PartAnswer {
  return answerOf(part, problem.status, errorList(problem));
}

const succeeded = ({ httpStatusCode }: PartAnswer): boolean => httpStatusCode < 300;

const rolledBack = requestProblem(
  'PROCESSING_HALTED',
  'The transaction was rolled back since another operation in the same transaction failed.',
);

const asRolledBack = (answer: PartAnswer): PartAnswer => (succeeded(answer) ? problemOf(answer, rolledBack) : answer);

function readPart(given: JsonObject): Part {
  const { method, url, referenceId, httpHeaders } = given;
  if (typeof method !== 'string' || typeof url !== 'string' || typeof referenceId !== 'string') {
    throw new Refusal(requestProblem('JSON_PARSER_ERROR', 'A subrequest needs method, url and referenceId'));
  }
  if (!/^[A-Za-z0-9_]+$/.test(referenceId)) {
    throw new Refusal(requestProblem('JSON_PARSER_ERROR', `Invalid reference ID: ${referenceId}`));
  }
  const headers = Object.entries(isJsonObject(httpHeaders) ? httpHeaders : {}).map(([name, value]) => [
    name.toLowerCase(),
    String(value),
  ]);
  return { method, url, body: given.body, referenceId, headers: Object.fromEntries(headers) as Part['headers'] };
}

function refuseTooMany(parts: readonly Part[]): void {
  if (parts.length > maxParts) {
    throw new Refusal(requestProblem('LIMIT_EXCEEDED', `At most ${maxParts} subrequests are allowed`));
  }
  const heavy = parts.filter(({ url }) => /^\/services\/data\/v[\d.]+\/(query|composite\/sobjects)/.test(url));
  if (heavy.length > maxQueriesAndCollections) {
    const message = `At most ${maxQueriesAndCollections} query or collection subrequests are allowed`;
    throw new Refusal(requestProblem('LIMIT_EXCEEDED', message));
  }
}

function refuseRepeatedReferences(parts: readonly Part[]): void {
  const names = parts.map((part) => part.referenceId);
  if (new Set(names).size === names.length) return;
  throw new Refusal(requestProblem('JSON_PARSER_ERROR', 'Duplicate ReferenceId provided'));
}
