import type { MappingSource } from '../mapping.ts';
import { splitName } from '../text.ts';
import { presentText } from './field.ts';

/** The other party's number: in E.164 where it can be read, else as it came. */
export function otherNumber({ caller, known }: MappingSource): string | undefined {
  return identified(caller)?.phone?.e164 ?? known.conversation.caller.number;
}

/** How the other party is called in a title: name, number, address, or that nobody knows. */
export function callerLabel(source: MappingSource): string {
  const known = identified(source.caller);
  return known?.name ?? otherNumber(source) ?? known?.email ?? 'an unknown caller';
}

/** First and last name; both undefined for a caller without a name. */
export function callerName({ caller }: MappingSource): {
  readonly first: string | undefined;
  readonly last: string | undefined;
} {
  const name = presentText(identified(caller)?.name)?.trim();
  return name === undefined || name === '' ? { first: undefined, last: undefined } : splitName(name);
}

/** Whether the tenant called; a conversation without a direction came in. */
export function isOutbound({ known }: MappingSource): boolean {
  return known.conversation.direction === 'outbound';
}

/** The caller, where he can be recognised. */
export function identified(caller: MappingSource['caller']) {
  return caller.kind === 'identified' ? caller : undefined;
}
