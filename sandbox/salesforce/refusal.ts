import type { ErrorCode } from './error-codes.ts';

/** Why a request, or one row of a collection, is refused. `status` is the HTTP status the whole request would get for it. */
export interface Problem {
  readonly status: number;
  readonly code: ErrorCode;
  readonly message: string;
  /** Present for what a save refuses, even when empty; absent for what never got as far as a save. */
  readonly fields?: readonly string[];
  /** Further keys of the error, such as the result of the duplicate rules. */
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Ends the whole request: thrown at any depth of an endpoint, turned into the error list at one place. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`refused: ${problem.code}`);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** A value, or why there is none. */
export type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** What the REST API answers to a request it refuses: a list, nearly always of one. */
export function errorList({ code, message, fields, more }: Problem): readonly Record<string, unknown>[] {
  return [{ message, errorCode: code, ...(fields === undefined ? {} : { fields }), ...more }];
}

/** A refused row of a collection: the code is under `statusCode` there, and there is no id (recorded). */
export function errorRow({ code, message, fields, more }: Problem): Record<string, unknown> {
  return { success: false, errors: [{ statusCode: code, message, fields: fields ?? [], ...more }] };
}

/** What a save refuses: 400 when the request is for one record. */
export function saveProblem(code: ErrorCode, message: string, fields: readonly string[] = []): Problem {
  return { status: 400, code, message, fields };
}

/** What is wrong with the request itself. */
export function requestProblem(code: ErrorCode, message: string, status = 400): Problem {
  return { status, code, message };
}

/** The recorded answer for a path or a record that is not there. */
export const notFound: Problem = requestProblem('NOT_FOUND', 'The requested resource does not exist', 404);
