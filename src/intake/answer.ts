import type { Response } from 'express';
import type { Malformation, Outcome, SenderFailure, UnavailableCode } from './outcome.ts';

/** A refusal as `application/problem+json` (RFC 9457). `code` is public: senders may script by it, so it is never renamed. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** Turns an outcome into its HTTP answer. */
export function answer(response: Response, outcome: Outcome, retryAfterSeconds: number): void {
  switch (outcome.kind) {
    case 'accepted':
    case 'ignored':
      response.status(202).json({ received: true, duplicate: false });
      return;
    case 'duplicate':
      response.status(202).json({ received: true, duplicate: true });
      return;
    case 'rate_limited':
      response.set('Retry-After', String(outcome.retryAfterSeconds));
      break;
    case 'unavailable':
      response.set('Retry-After', String(retryAfterSeconds));
      break;
    case 'malformed':
    case 'unverified':
    case 'unknown_endpoint':
    case 'too_large':
    case 'unsupported_media':
      break;
  }
  sendProblem(response, problemOf(outcome));
}

/** Answers with a problem document. */
export function sendProblem(response: Response, { status, code, title, detail }: Problem): void {
  response
    .status(status)
    .type('application/problem+json')
    .send(JSON.stringify({ type: 'about:blank', title, status, code, detail }));
}

type Refusal = Exclude<Outcome, { kind: 'accepted' | 'ignored' | 'duplicate' }>;

function problemOf(outcome: Refusal): Problem {
  switch (outcome.kind) {
    case 'malformed':
      return problem(400, outcome.problem.code, 'Malformed event', malformedDetail(outcome.problem));
    case 'unverified':
      return problem(401, ...UNVERIFIED[outcome.reason]);
    case 'unknown_endpoint':
      return problem(
        404,
        'unknown_endpoint',
        'Unknown endpoint',
        'Copy the webhook URL again from the tenant settings.',
      );
    case 'too_large':
      return problem(413, 'body_too_large', 'Body too large', 'A webhook body may have at most 1 MiB.');
    case 'unsupported_media':
      return problem(415, outcome.code, 'Unsupported body', UNSUPPORTED[outcome.code]);
    case 'rate_limited':
      return problem(429, 'rate_limited', 'Too many events', 'Slow down and send this event again later.');
    case 'unavailable':
      return problem(503, outcome.code, 'Not stored', UNAVAILABLE[outcome.code]);
  }
}

const UNVERIFIED: Readonly<Record<SenderFailure, readonly [code: string, title: string, detail: string]>> = {
  missing_header: ['signature_missing', 'Not verified', 'A header of the configured verification scheme is missing.'],
  bad_timestamp: ['timestamp_invalid', 'Not verified', 'The timestamp is not a number of seconds since 1970.'],
  too_old: ['timestamp_too_old', 'Not verified', 'The timestamp is too far behind our clock.'],
  too_new: ['timestamp_too_new', 'Not verified', 'The timestamp is too far ahead of our clock.'],
  no_match: ['signature_mismatch', 'Not verified', 'The signature fits none of the configured secrets.'],
};

const UNSUPPORTED = {
  not_json: 'Send application/json.',
  compressed_body: 'Send the body without Content-Encoding.',
} as const;

const UNAVAILABLE: Readonly<Record<UnavailableCode, string>> = {
  store_unavailable: 'The event could not be stored. Send it again.',
  store_timeout: 'The event was not stored in time. Send it again; a second copy does no harm.',
  overloaded: 'Too many events are waiting to be stored. Send it again.',
  verification_unavailable: 'The sender could not be verified, for a reason on our side. Send it again.',
};

function malformedDetail(malformation: Malformation): string {
  switch (malformation.code) {
    case 'body_unreadable':
      return 'The body ended early or is not as long as its Content-Length says.';
    case 'invalid_json':
      return 'The body is not JSON in UTF-8.';
    case 'invalid_event':
      return malformation.at === '' ? 'The body is no event.' : `The event is not valid at ${malformation.at}.`;
    case 'tenant_mismatch':
      return 'The event belongs to another tenant than this webhook URL.';
  }
}

function problem(status: number, code: string, title: string, detail: string): Problem {
  return { status, code, title, detail };
}
