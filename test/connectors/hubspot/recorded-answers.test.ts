import { describe, expect, it } from '@jest/globals';
import { batchAnswerSchema, searchAnswerSchema } from '../../../connectors/hubspot/answers.ts';
import { classify } from '../../../connectors/hubspot/classify.ts';
import { matchWriteAnswer } from '../../../connectors/hubspot/match-write-answer.ts';
import { KEY_PROPERTIES, type KeyProperty } from '../../../connectors/hubspot/properties.ts';
import { createQuotaMemory } from '../../../connectors/hubspot/quota.ts';
import { readVendorError } from '../../../connectors/hubspot/vendor-error.ts';
import { readRecording, recordings } from '../../support/recordings.ts';

interface Exchange {
  readonly path: string;
  readonly status: number;
  readonly requestBody: {
    readonly inputs?: readonly { readonly id?: string; readonly properties?: Readonly<Record<string, string>> }[];
  };
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: { readonly results?: readonly unknown[] };
}

/** By which of their properties the recorded records can be told apart. */
const TELLING: Readonly<Record<string, string>> = { CONTACT: 'email', COMPANY: 'domain' };

async function exchanges(about: RegExp): Promise<readonly Exchange[]> {
  const all = (await readRecording('hubspot-exchanges.json')) as readonly Exchange[]; // the recording's own format
  const found = all.filter(({ path }) => about.test(path));
  expect(found.length).toBeGreaterThan(0);
  return found;
}

/** What the recorded inputs are, as writes of ours. */
function writesOf({ requestBody: { inputs = [] } }: Exchange, name: string) {
  return inputs.map(({ id, properties = {} }, index) => ({
    by: id === undefined ? ('key' as const) : ('id' as const),
    id: id ?? properties[name] ?? '',
    properties,
    traceId: String(index),
  }));
}

describe('answers of a real account are read', () => {
  it('a search that was one too many names no limit: its endpoint says how long it lasts', () => {
    const body = { status: 'error', message: 'You have reached your secondly limit.', category: 'RATE_LIMITS' };
    const failure = classify(readVendorError(429, body), { endpoint: 'search', headers: {}, nowMs: 0 });
    expect(failure).toMatchObject({ disposition: 'throttle', code: 'hubspot.RATE_LIMITS', retryAfterMs: 1_000 });
  });
});

if (recordings !== undefined) {
  describe('recordings of a real account', () => {
    it('hold no written batch whose results do not find their inputs, in whatever order they come', async () => {
      let inOtherOrder = 0;
      for (const exchange of await exchanges(/(CONTACT|COMPANY)\/batch\/(create|update)$/)) {
        const name = TELLING[exchange.path.split('/')[4] ?? ''] ?? '';
        const key: KeyProperty = { ...KEY_PROPERTIES.contacts, name };
        const writes = writesOf(exchange, name);
        const { records, rows, unanswered, unnamed } = matchWriteAnswer(
          writes,
          batchAnswerSchema.parse(exchange.responseBody),
          key,
        );
        expect([records.size, rows.size, unanswered, unnamed]).toEqual([writes.length, 0, [], []]);
        for (const [write, record] of records) {
          expect(write.by === 'id' ? record.id : record.properties[name]).toBe(write.id);
        }
        if ([...records.keys()].some((write, index) => write !== writes[index])) inOtherOrder += 1;
      }
      expect(inOtherOrder).toBeGreaterThan(0);
    });

    it('hold no search that cannot be read, of whichever object', async () => {
      for (const { status, responseBody } of await exchanges(/\/search$/)) {
        if (status === 200) expect(searchAnswerSchema.safeParse(responseBody).success).toBe(true);
      }
    });

    it('hold no refusal without a meaning', async () => {
      const refused = (await exchanges(/./)).filter(({ status }) => status > 299);
      expect(refused.length).toBeGreaterThan(0);
      for (const { path, status, responseBody, responseHeaders } of refused) {
        const endpoint = path.endsWith('/search') ? 'search' : 'batch-update';
        const failure = classify(readVendorError(status, responseBody), {
          endpoint,
          headers: responseHeaders,
          nowMs: 0,
        });
        expect(failure).toMatchObject({ disposition: 'throttle', code: 'hubspot.RATE_LIMITS', retryAfterMs: 1_000 });
      }
    });

    it('hold no limit that is stated and not understood; searches never state the burst limit', async () => {
      const seen = new Set<string>();
      for (const { path, responseHeaders } of await exchanges(/\/objects\//)) {
        const quota = createQuotaMemory(() => 0);
        quota.note(responseHeaders);
        const read = quota.readings().map(({ limit, allowed }) => `${limit} ${allowed}`);
        const isStated = (header: string) => Object.hasOwn(responseHeaders, `x-hubspot-ratelimit-${header}`);
        const stated = [isStated('max') ? ['ten_secondly 100'] : [], isStated('daily') ? ['daily 250000'] : []].flat();
        expect([path, read]).toEqual([path, stated]);
        if (path.endsWith('/search')) expect(read).not.toContain('ten_secondly 100');
        for (const each of read) seen.add(each);
      }
      expect([...seen].toSorted()).toEqual(['daily 250000', 'ten_secondly 100']);
    });
  });
}
