import { sentenceOf } from './hubspot/meanings.ts';
import { meaningOf } from './salesforce/codes.ts';
import { sentenceOfOwnCode } from './salesforce/own-codes.ts';
import type { NoAnswerCode } from './transport/network-failure.ts';

/** How the codes of one origin are read: the part after the prefix becomes a sentence. */
type Reader = (code: string) => string | undefined;

const TOKEN_ENDPOINT = /^token_(.+)$/;

/** What the network said in place of an answer. */
const NO_ANSWER: Readonly<Record<NoAnswerCode, string>> = {
  aborted: 'The request was ended before an answer came.',
  dns: 'The address of the CRM could not be found.',
  network: 'The CRM could not be reached.',
  refused: 'Nothing listens at the address of the CRM.',
  reset: 'The connection broke before the answer was complete.',
  timeout: 'The CRM did not answer in time.',
  tls: 'The certificate of the CRM was not accepted.',
  too_large: 'The answer was longer than any that is expected.',
};

const READERS: Readonly<Record<string, Reader>> = {
  hubspot: (code) => sentenceOf(code) ?? ofTokenEndpoint(code) ?? ofStatus(code),
  salesforce: (code) => meaningOf(code)?.what ?? sentenceOfOwnCode(code) ?? ofTokenEndpoint(code) ?? ofStatus(code),
  'csv-log': (code) => `The folder or a file in it could not be used (${code}).`,
  network: ofNoAnswer,
  budget: (limit) =>
    `Our own budget for the CRM's ${limit.replaceAll('_', ' ')} limit is used up for this kind of work.`,
};

/**
 * The sentence for a failure's code: what it means, without personal data.
 *
 * @param code as in `CrmFailure.code`, such as `hubspot.MISSING_SCOPES`
 * @returns undefined for a code that nobody has listed yet; such a failure was judged by its status
 */
export function sentenceOfRefusal(code: string): string | undefined {
  if (code === 'timeout') return NO_ANSWER.timeout;
  const dot = code.indexOf('.');
  const origin = code.slice(0, dot);
  return Object.hasOwn(READERS, origin) ? READERS[origin]?.(code.slice(dot + 1)) : undefined;
}

function ofNoAnswer(code: string): string | undefined {
  return Object.entries(NO_ANSWER).find(([known]) => known === code)?.[1];
}

function ofTokenEndpoint(code: string): string | undefined {
  const error = TOKEN_ENDPOINT.exec(code)?.[1];
  return error === undefined ? undefined : `The CRM gave no access token (${error}).`;
}

/** An answer without any code: often not the CRM's own, but that of something between it and us. */
function ofStatus(code: string): string | undefined {
  const status = /^HTTP_(\d{3})$/.exec(code)?.[1];
  if (status === undefined) return undefined;
  return Number(status) >= 500 ? `The CRM or something before it is out of order (${status}).` : undefined;
}
