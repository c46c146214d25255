import { sentenceOfRefusal } from '../../connectors/refusals.ts';
import type { CrmFailure } from '../domain/crm.ts';
import type { TracedFailure } from '../domain/trace.ts';

/** A refusal with the sentence that its code has. */
export function inWords(failure: CrmFailure): TracedFailure {
  const means = sentenceOfRefusal(failure.code);
  return means === undefined ? failure : { ...failure, means };
}
