import { describe, expect, it } from '@jest/globals';
import {
  collectionAnswerSchema,
  describeAnswerSchema,
  queryAnswerSchema,
} from '../../../connectors/salesforce/answers.ts';
import { classify } from '../../../connectors/salesforce/classify.ts';
import { createLimitInfo } from '../../../connectors/salesforce/limit-info.ts';
import { readVendorError } from '../../../connectors/salesforce/vendor-error.ts';
import { readRecording, recordings } from '../../support/recordings.ts';

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly responseBody?: unknown;
}

/** Rows as a real org answered them; kept here since it shows what the recordings hold. */
const ROWS = [
  { id: '0014S000007NxmlQAC', success: true, errors: [] },
  {
    success: false,
    errors: [{ statusCode: 'CANNOT_UPDATE_CONVERTED_LEAD', message: 'cannot reference converted lead', fields: [] }],
  },
];

describe('answers of a real org are read', () => {
  it('rows of a collection, of which the refused have no id', () => {
    const [done, refused] = collectionAnswerSchema.parse(ROWS);
    expect(done).toMatchObject({ id: '0014S000007NxmlQAC', success: true });
    expect(classify(readVendorError(undefined, refused?.errors), false)).toMatchObject({ disposition: 'resolve' });
  });
});

if (recordings !== undefined) {
  describe('recordings of a real org', () => {
    it('hold no answer to a query or a collection that cannot be read, and no refusal without a meaning', async () => {
      const exchanges = (await readRecording('salesforce-exchanges.json')) as readonly Exchange[]; // the recording's own format
      const refused = exchanges.filter(({ status }) => status > 299);
      for (const { status, responseBody } of refused) {
        expect(classify(readVendorError(status, responseBody), false)).toMatchObject({ disposition: 'resolve' });
      }
      const queries = exchanges.filter(({ path, status }) => status === 200 && path.endsWith('/query'));
      for (const { responseBody } of queries) expect(queryAnswerSchema.safeParse(responseBody).success).toBe(true);
      const writes = exchanges.filter(({ path, status }) => status === 200 && path.includes('/composite/sobjects'));
      for (const { responseBody } of writes) expect(collectionAnswerSchema.safeParse(responseBody).success).toBe(true);
      expect(Math.min(refused.length, queries.length, writes.length)).toBeGreaterThan(0);
    });

    it('hold no row of a written collection that is not done or has no meaning', async () => {
      const exchanges = (await readRecording('salesforce-exchanges.json')) as readonly Exchange[]; // as above
      const written = exchanges.filter(({ path, status }) => status === 200 && path.includes('/composite/sobjects'));
      const rows = written.flatMap(({ responseBody }) => collectionAnswerSchema.parse(responseBody));
      expect(rows.some(({ success }) => !success)).toBe(true);
      for (const { success, id, errors } of rows) {
        if (success) expect(id).toMatch(/^\w{18}$/);
        else expect(classify(readVendorError(undefined, errors), false).disposition).not.toBe('bug');
      }
    });

    it('hold no answer whose usage of the org is not understood', async () => {
      for (const { responseHeaders } of (await readRecording('salesforce-exchanges.json')) as readonly Exchange[]) {
        const limits = createLimitInfo(() => 0);
        limits.note(responseHeaders);
        const [, used] = /=(\d+)/.exec(responseHeaders['sforce-limit-info'] ?? '') ?? [];
        expect(limits.readings()).toMatchObject([
          { limit: 'daily', allowed: 15_000, remaining: 15_000 - Number(used) },
        ]);
        expect(limits.dailyLimitReached()).toBe(false);
      }
    });

    it.each(['Account', 'Contact', 'Lead'])('hold a describe of %s that can be read', async (object) => {
      const described = describeAnswerSchema.parse(await readRecording(`salesforce-describe-${object}.json`));
      expect(described.fields.length).toBeGreaterThan(50);
      const names = described.fields.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['Phone', 'IsDeleted', 'MasterRecordId', 'LastModifiedDate']));
    });
  });
}
