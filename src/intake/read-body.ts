import express, { type Request, type RequestHandler, type Response } from 'express';
import type { Outcome } from './outcome.ts';

export type BodyResult = { readonly kind: 'body'; readonly bytes: Buffer } | Outcome;

/**
 * Reads the body as bytes, up to the limit. A compressed one is refused: the signature is over the bytes that were sent,
 * and a small body may unpack to any size. What goes wrong with a body is an outcome; it rejects only for what is a
 * fault of our own.
 */
export function createBodyReader(
  bodyBytes: number,
): (request: Request, response: Response) => () => Promise<BodyResult> {
  const read: RequestHandler = express.raw({ limit: bodyBytes, inflate: false, type: () => true });
  return (request, response) => () =>
    new Promise((resolve, reject) => {
      read(request, response, (error?: unknown) => {
        if (error === undefined) {
          const body: unknown = request.body;
          resolve({ kind: 'body', bytes: Buffer.isBuffer(body) ? body : Buffer.alloc(0) });
          return;
        }
        const outcome = outcomeOfReadError(error);
        if (outcome === undefined) reject(error instanceof Error ? error : new Error('the body could not be read'));
        else resolve(outcome);
      });
    });
}

/** The `type` of an error is the part of body-parser's errors that it documents as stable. */
function outcomeOfReadError(error: unknown): Outcome | undefined {
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined;
  switch (type) {
    case 'entity.too.large':
      return { kind: 'too_large' };
    case 'encoding.unsupported':
      return { kind: 'unsupported_media', code: 'compressed_body' };
    case 'request.aborted':
    case 'request.size.invalid':
      return { kind: 'malformed', problem: { code: 'body_unreadable' } };
    default:
      return undefined;
  }
}
