import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createHmacHeaderVerifier, type HmacHeaderScheme } from '../../src/intake/verification/hmac-header.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const HEX: HmacHeaderScheme = { header: 'X-PersonaDesk-Signature', algorithm: 'sha256', encoding: 'hex' };
const BODY = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);

function verify(value: string | undefined, { scheme = HEX, secrets = ['s3cret'], rawBody = BODY } = {}) {
  return createHmacHeaderVerifier(secrets, scheme).verify(
    { headers: { 'x-personadesk-signature': value }, rawBody },
    NOW,
  );
}

describe('an HMAC header', () => {
  it('has the digest that RFC 4231 publishes (test case 2)', () => {
    const digest = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
    const rawBody = Buffer.from('what do ya want for nothing?');
    expect(verify(digest, { secrets: ['Jefe'], rawBody })).toEqual({ ok: true, secretIndex: 0 });
  });

  it.each(['sha256', 'sha512'] as const)(
    'is accepted for %s in hex and base64, with and without prefix',
    (algorithm) => {
      for (const encoding of ['hex', 'base64'] as const) {
        const scheme = { ...HEX, algorithm, encoding };
        const digest = createHmac(algorithm, 's3cret').update(BODY).digest(encoding);
        expect(verify(digest, { scheme }).ok).toBe(true);
        expect(verify(`${algorithm}=${digest}`, { scheme }).ok).toBe(true);
      }
    },
  );

  it('is the same in upper-case hex, but not in upper-case base64', () => {
    const mac = createHmac('sha256', 's3cret').update(BODY).digest();
    expect(verify(mac.toString('hex').toUpperCase()).ok).toBe(true);
    const scheme = { ...HEX, encoding: 'base64' as const };
    expect(verify(mac.toString('base64').toUpperCase(), { scheme }).ok).toBe(false);
  });

  it('may be made with any secret of the rotation list', () => {
    const digest = createHmac('sha256', 'old').update(BODY).digest('hex');
    expect(verify(digest, { secrets: ['new', 'old'] })).toEqual({ ok: true, secretIndex: 1 });
  });

  it('is refused for another body, another secret, another algorithm, or when it is cut short', () => {
    const digest = createHmac('sha256', 's3cret').update(BODY).digest('hex');
    const noMatch = { ok: false, reason: 'no_match' };
    expect(verify(digest, { rawBody: Buffer.from('{}') })).toEqual(noMatch);
    expect(verify(digest, { secrets: ['other'] })).toEqual(noMatch);
    expect(verify(digest, { scheme: { ...HEX, algorithm: 'sha512' } })).toEqual(noMatch);
    expect(verify(digest.slice(0, 20))).toEqual(noMatch);
    expect(verify('sha256=')).toEqual(noMatch);
  });

  it('is refused when it is missing', () => {
    expect(verify(undefined)).toEqual({ ok: false, reason: 'missing_header' });
    expect(verify('')).toEqual({ ok: false, reason: 'missing_header' });
  });

  it('is never verified by an empty secret', () => {
    const digest = createHmac('sha256', '').update(BODY).digest('hex');
    expect(verify(digest, { secrets: [''] })).toEqual({ ok: false, reason: 'bad_secret' });
    expect(verify(digest, { secrets: ['', 's3cret'] })).toEqual({ ok: false, reason: 'no_match' });
  });
});
