import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

/**
 * AES-256-GCM in a self-describing envelope:
 * version (1 byte), data key id (16), initialisation vector (12), authentication tag (16), ciphertext.
 */
const VERSION = 1;
const KEY_ID_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const IV_AT = 1 + KEY_ID_BYTES;
const TAG_AT = IV_AT + IV_BYTES;
const CIPHERTEXT_AT = TAG_AT + TAG_BYTES;

/** A sealed value does not open: another key, another place, or changed bytes. Carries no data. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/** A 32-byte key and its 16-byte id. */
export interface DataKey {
  readonly id: Buffer;
  readonly key: Buffer;
}

/** Encrypts `plain`; `boundTo` is authenticated with it, so that the value opens only where it belongs. */
export function sealBytes(dataKey: DataKey, boundTo: string, plain: Buffer): Buffer {
  // A random 96-bit vector per value: safe for about 2^32 values under one key, which is one tenant's.
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', dataKey.key, iv, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(boundTo));
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([Buffer.of(VERSION), dataKey.id, iv, cipher.getAuthTag(), ciphertext]);
}

/** The id of the data key a sealed value was made with. */
export function dataKeyIdOf(sealed: Buffer): Buffer {
  if (sealed.length < CIPHERTEXT_AT || sealed[0] !== VERSION)
    throw new SealError('not a sealed value of a known version');
  return sealed.subarray(1, IV_AT);
}

/** @throws SealError when the key, the place or the bytes are not those of the sealing. */
export function openBytes(key: Buffer, boundTo: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(IV_AT, TAG_AT), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(boundTo));
  decipher.setAuthTag(sealed.subarray(TAG_AT, CIPHERTEXT_AT));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(CIPHERTEXT_AT)), decipher.final()]);
  } catch (cause) {
    throw new SealError('a sealed value does not open here', { cause });
  }
}
