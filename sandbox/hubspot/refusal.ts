/** One entry of `errors[]` in HubSpot's error envelope. */
export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/** Why a request, or one row of a batch, is refused. `status` is the HTTP status the whole request would get for it. */
export interface Problem {
  readonly status: number;
  readonly category: string;
  readonly message: string;
  readonly subCategory?: string;
  readonly errors?: readonly ErrorDetail[];
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly links?: Readonly<Record<string, string>>;
}

/** Ends the whole request: thrown at any depth of a handler, turned into the error envelope at one place, the server. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(`refused: ${problem.category}`);
    this.name = 'Refusal';
    this.problem = problem;
  }
}

/** HubSpot's error envelope (error handling guide; every field of it is to be treated as optional by a client). */
export function errorBody(problem: Problem, correlationId: string): Record<string, unknown> {
  return {
    status: 'error',
    message: problem.message,
    correlationId,
    ...optionalParts(problem),
    category: problem.category,
  };
}

/** One row of `errors[]` in a multi-status answer; `traceId` is the row's `objectWriteTraceId`. */
export function errorRow(problem: Problem, traceId?: string): Record<string, unknown> {
  const traced = traceId === undefined ? {} : { objectWriteTraceId: [traceId] };
  return {
    status: 'error',
    category: problem.category,
    message: problem.message,
    ...optionalParts(problem),
    context: { ...problem.context, ...traced },
  };
}

function optionalParts(problem: Problem): Record<string, unknown> {
  return {
    ...(problem.subCategory === undefined ? {} : { subCategory: problem.subCategory }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    ...(problem.context === undefined ? {} : { context: problem.context }),
    ...(problem.links === undefined ? {} : { links: problem.links }),
  };
}

/** A 400 with the category HubSpot gives to everything a caller can mend in its request. */
export function invalid(message: string, more: Partial<Pick<Problem, 'errors' | 'context'>> = {}): Problem {
  return { status: 400, category: 'VALIDATION_ERROR', message, ...more };
}

export function notFound(message = 'resource not found', context?: Problem['context']): Problem {
  return { status: 404, category: 'OBJECT_NOT_FOUND', message, ...(context === undefined ? {} : { context }) };
}
