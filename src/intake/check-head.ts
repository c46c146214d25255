import type { Outcome } from './outcome.ts';
import { headerOf, type RequestHeaders } from './verification/verifier.ts';

/**
 * Refuses by the headers alone what need not be read. A body that says it is too large is answered before it is sent;
 * the limit itself is kept while reading, for those that do not say.
 */
export function checkHead(headers: RequestHeaders, bodyBytes: number): Outcome | undefined {
  if (!isJson(headerOf(headers, 'content-type'))) return { kind: 'unsupported_media', code: 'not_json' };
  return Number(headerOf(headers, 'content-length') ?? 0) > bodyBytes ? { kind: 'too_large' } : undefined;
}

function isJson(contentType: string | undefined): boolean {
  const mediaType = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  return mediaType !== undefined && /^application\/([a-z0-9.-]+\+)?json$/.test(mediaType);
}
