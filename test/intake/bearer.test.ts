import { describe, expect, it } from '@jest/globals';
import { createBearerVerifier } from '../../src/intake/verification/bearer.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

function verify(authorization: string | undefined, secrets: readonly string[] = ['t0ken']) {
  return createBearerVerifier(secrets).verify({ headers: { authorization }, rawBody: Buffer.from('{}') }, NOW);
}

describe('a bearer token', () => {
  it('is accepted, however the word Bearer is written', () => {
    expect(verify('Bearer t0ken')).toEqual({ ok: true, secretIndex: 0 });
    expect(verify('bearer  t0ken ')).toEqual({ ok: true, secretIndex: 0 });
  });

  it('may be any of the rotation list', () => {
    expect(verify('Bearer old', ['new', 'old'])).toEqual({ ok: true, secretIndex: 1 });
  });

  it.each([
    'Bearer t0keN',
    'Bearer t0ke',
    'Bearer t0kenn',
    'Bearer',
    'Bearer ',
    'Basic t0ken',
    't0ken',
    'Bearer t0ken x',
  ])('is refused as "%s"', (value) => {
    expect(verify(value)).toEqual({ ok: false, reason: 'no_match' });
  });

  it('is refused when it is missing', () => {
    expect(verify(undefined)).toEqual({ ok: false, reason: 'missing_header' });
  });

  it('is never verified by an empty secret', () => {
    expect(verify('Bearer ', [''])).not.toMatchObject({ ok: true });
    expect(verify('Bearer x', [''])).toEqual({ ok: false, reason: 'bad_secret' });
  });
});
