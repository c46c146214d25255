import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import { createStandardWebhooksVerifier } from '../../src/intake/verification/standard-webhooks.ts';
import type { SignedRequest } from '../../src/intake/verification/verifier.ts';
import { OTHER_SECRET, SECRET, signedBytes, signedText } from './signed-event.ts';

const NOW = new Date('2026-03-01T12:00:00Z');
const TOLERANCE_SECONDS = 300;
const BODY = '{"test": 2432232314}';

function request(overrides: Readonly<Record<string, string | undefined>> = {}, body: string | Buffer = BODY) {
  const { headers } = signedText(BODY, { at: NOW });
  return { headers: { ...headers, ...overrides }, rawBody: Buffer.from(body) } satisfies SignedRequest;
}

function verify(signed: SignedRequest, secrets: readonly string[] = [SECRET], now = NOW) {
  return createStandardWebhooksVerifier(secrets, TOLERANCE_SECONDS).verify(signed, now);
}

function signatureOf(secret: string): string {
  return signedText(BODY, { at: NOW, secret }).headers['webhook-signature'];
}

function later(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1_000);
}

describe('Standard Webhooks accepts', () => {
  it('what the reference library signed', () => {
    expect(verify(request())).toEqual({ ok: true, secretIndex: 0 });
  });

  it('a right signature among several', () => {
    const signatures = `${signatureOf(OTHER_SECRET)} v1,AAAA ${signatureOf(SECRET)}`;
    expect(verify(request({ 'webhook-signature': signatures })).ok).toBe(true);
  });

  it('a right signature beside a version it does not know', () => {
    expect(verify(request({ 'webhook-signature': `v1a,${'A'.repeat(86)}== ${signatureOf(SECRET)}` })).ok).toBe(true);
  });

  it('a secret written without its prefix', () => {
    expect(verify(request(), [SECRET.slice('whsec_'.length)]).ok).toBe(true);
  });

  it('an older secret that is still in the list, and says which', () => {
    expect(verify(request(), [OTHER_SECRET, SECRET])).toEqual({ ok: true, secretIndex: 1 });
  });

  it('a right secret beside one that is no base64', () => {
    expect(verify(request(), ['whsec_$$$', SECRET])).toEqual({ ok: true, secretIndex: 1 });
  });

  it('a body that is not UTF-8, by its bytes', () => {
    const { headers, body } = signedBytes(Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]), NOW);
    expect(verify({ headers, rawBody: body }).ok).toBe(true);
  });

  it('a timestamp at either edge of the tolerance', () => {
    expect(verify(request(), [SECRET], later(TOLERANCE_SECONDS)).ok).toBe(true);
    expect(verify(request(), [SECRET], later(-TOLERANCE_SECONDS)).ok).toBe(true);
  });
});

describe('Standard Webhooks refuses', () => {
  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('a request without %s', (name) => {
    expect(verify(request({ [name]: undefined }))).toEqual({ ok: false, reason: 'missing_header' });
    expect(verify(request({ [name]: '' }))).toEqual({ ok: false, reason: 'missing_header' });
  });

  it.each(['soon', '12abc', '1e9', '-5', '0x10', ' 1', '01', '1.5', '9'.repeat(40)])('the timestamp "%s"', (text) => {
    expect(verify(request({ 'webhook-timestamp': text }))).toEqual({ ok: false, reason: 'bad_timestamp' });
  });

  it('what is more than five minutes old', () => {
    expect(verify(request(), [SECRET], later(TOLERANCE_SECONDS + 1))).toEqual({ ok: false, reason: 'too_old' });
  });

  it('what is more than five minutes ahead', () => {
    expect(verify(request(), [SECRET], later(-TOLERANCE_SECONDS - 1))).toEqual({ ok: false, reason: 'too_new' });
  });

  it.each(Array.from(BODY, (_, index) => index))('a body whose byte %d was changed', (index) => {
    const body = Buffer.from(BODY);
    body[index] = (body[index] ?? 0) ^ 1;
    expect(verify(request({}, body))).toEqual({ ok: false, reason: 'no_match' });
  });

  it('another id or another time than the signed ones', () => {
    const other = String(Math.floor(NOW.getTime() / 1000) + 1);
    expect(verify(request({ 'webhook-id': 'msg_2' }))).toEqual({ ok: false, reason: 'no_match' });
    expect(verify(request({ 'webhook-timestamp': other }))).toEqual({ ok: false, reason: 'no_match' });
  });

  it('a signature made with another secret', () => {
    expect(verify(request(), [OTHER_SECRET])).toEqual({ ok: false, reason: 'no_match' });
  });

  it.each([
    ['without its version', signatureOf(SECRET).slice('v1,'.length)],
    ['of another version', signatureOf(SECRET).replace('v1,', 'v2,')],
    ['that is only a version', 'v1'],
    ['that is empty', 'v1,'],
    ['cut short', signatureOf(SECRET).slice(0, -4)],
    ['with something after it', `${signatureOf(SECRET)}AAAA`],
    ['in another case', signatureOf(SECRET).toLowerCase().replace('v1,', 'v1,')],
  ])('a signature %s', (_what, signature) => {
    expect(verify(request({ 'webhook-signature': signature }))).toEqual({ ok: false, reason: 'no_match' });
  });

  it.each(['', 'whsec_', 'whsec_A', 'not base64!', 'whsec_%%%%', '===='])(
    'everything when the only secret is "%s"',
    (secret) => {
      expect(verify(request(), [secret])).toEqual({ ok: false, reason: 'bad_secret' });
    },
  );

  it('everything when there is no secret at all', () => {
    expect(verify(request(), [])).toEqual({ ok: false, reason: 'bad_secret' });
  });
});

describe('Standard Webhooks, beside the reference library', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 60 });
  const id = fc.string({
    unit: fc.constantFrom('a', 'z', 'A', 'Z', '0', '9', '_', '-', '.'),
    minLength: 1,
    maxLength: 30,
  });
  const secretText = fc
    .uint8Array({ minLength: 1, maxLength: 64 })
    .map((bytes) => `whsec_${Buffer.from(bytes).toString('base64')}`);
  // Well off the edge of the tolerance: the reference library reads the machine's clock, a little after we do.
  const age = fc.oneof(fc.integer({ min: -280, max: 280 }), fc.integer({ min: 320, max: 5_000 }));
  const piece = fc.constantFrom('right', 'wrong secret', 'no version', 'v1a', 'v1', 'v1,', 'v2', '', 'junk,a,b');

  it('accepts and refuses the same requests', () => {
    fc.assert(
      fc.property(
        fc.record({ text, id, secretText, age, sent: text, changed: fc.boolean() }),
        fc.array(piece, { minLength: 1, maxLength: 4 }),
        (given, pieces) => {
          const now = new Date();
          const at = new Date(now.getTime() - given.age * 1_000);
          const oracle = new Webhook(given.secretText);
          const right = oracle.sign(given.id, at, given.text);
          const signature = pieces.map((kind) => signaturePiece(kind, right, given.id, at, given.text)).join(' ');
          const body = given.changed ? given.sent : given.text;
          const headers = {
            'webhook-id': given.id,
            'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
            'webhook-signature': signature,
          };
          const ours = createStandardWebhooksVerifier([given.secretText], TOLERANCE_SECONDS).verify(
            { headers, rawBody: Buffer.from(body) },
            now,
          );
          expect(ours.ok).toBe(oracleAccepts(oracle, body, headers));
        },
      ),
      { numRuns: 500 },
    );
  });

  function signaturePiece(kind: string, right: string, id: string, at: Date, body: string): string {
    switch (kind) {
      case 'right':
        return right;
      case 'wrong secret':
        return new Webhook(OTHER_SECRET).sign(id, at, body);
      case 'no version':
        return right.slice('v1,'.length);
      case 'v1a':
      case 'v2':
        return right.replace('v1,', `${kind},`);
      default:
        return kind;
    }
  }

  function oracleAccepts(oracle: Webhook, body: string, headers: Record<string, string>): boolean {
    try {
      oracle.verify(body, headers, { jsonParse: false });
      return true;
    } catch {
      return false;
    }
  }
});

const recordedData = process.env.RECORDED_DATA;
if (recordedData !== undefined && recordedData !== '') {
  const vector = z.object({
    name: z.string(),
    secret: z.string(),
    id: z.string(),
    timestamp: z.string(),
    body: z.string(),
    signature: z.string(),
  });
  const { accept } = z
    .object({ accept: z.array(vector).min(1) })
    .parse(JSON.parse(readFileSync(join(recordedData, 'standard-webhooks-vectors.json'), 'utf8')));

  describe('Standard Webhooks, with the published vectors', () => {
    it.each(accept)('accepts the vector $name, and only at its time and as it stands', (given) => {
      const signed: SignedRequest = {
        headers: {
          'webhook-id': given.id,
          'webhook-timestamp': given.timestamp,
          'webhook-signature': given.signature,
        },
        rawBody: Buffer.from(given.body),
      };
      const sentAt = Number(given.timestamp) * 1_000;
      expect(verify(signed, [given.secret], new Date(sentAt))).toEqual({ ok: true, secretIndex: 0 });
      expect(verify(signed, [given.secret], new Date(sentAt + 301_000))).toEqual({ ok: false, reason: 'too_old' });
      expect(verify({ ...signed, rawBody: Buffer.from(`${given.body} `) }, [given.secret], new Date(sentAt)).ok).toBe(
        false,
      );
    });
  });
}
