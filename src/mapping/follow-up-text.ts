import type { MappingSource } from './mapping.ts';
import { words } from './plain-description.ts';
import { otherNumber } from './source/parties.ts';

/** What a follow-up task says: why there is one, and where to call. Plain text. */
export function followUpText(source: MappingSource): string {
  const { conversation, handoff } = source.known;
  const reason = words(handoff?.reason);
  const why =
    handoff === undefined
      ? `Please follow up. Outcome: ${words(conversation.status) ?? ''}.`
      : `The AI receptionist asked for a person${reason === undefined ? '' : ` (${reason})`}.`;
  const number = otherNumber(source);
  return number === undefined ? why : `${why} Number: ${number}.`;
}
