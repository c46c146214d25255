import { createHash } from 'node:crypto';

/** The key that wraps all data keys, and earlier ones that still open what was wrapped before a rotation. 32 bytes each. */
export interface MasterKeys {
  readonly current: Buffer;
  readonly previous: readonly Buffer[];
}

const KEY_BYTES = 32;

/** A master key is missing or unusable. The message never holds key material. */
export class MasterKeyError extends Error {
  override readonly name = 'MasterKeyError';
}

/**
 * Reads a master key as people write it: 32 bytes as 64 hex digits or as base64 (standard or URL-safe).
 *
 * @throws MasterKeyError naming what is wrong, never the text.
 */
export function parseMasterKey(text: string): Buffer {
  const trimmed = text.trim();
  if (/^[0-9a-fA-F]{64}$/.test(trimmed)) return Buffer.from(trimmed, 'hex');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(trimmed)) {
    throw new MasterKeyError(
      'the master key is neither 64 hex digits nor base64; make one with: openssl rand -base64 32',
    );
  }
  const key = Buffer.from(trimmed, 'base64');
  if (key.length !== KEY_BYTES) {
    throw new MasterKeyError(
      `the master key must be ${KEY_BYTES} bytes, this one is ${key.length}; make one with: openssl rand -base64 32`,
    );
  }
  return key;
}

/** Names a master key without giving it away: the first 8 hex digits of its SHA-256. */
export function masterKeyId(key: Buffer): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
