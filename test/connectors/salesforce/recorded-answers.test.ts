import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  collectionAnswerSchema,
  describeAnswerSchema,
  queryAnswerSchema,
} from '../../../connectors/salesforce/answers.ts';
import { classify } from '../../../connectors/salesforce/classify.ts';
import { readVendorError } from '../../../connectors/salesforce/vendor-error.ts';

/** Folder of recorded exchanges with Salesforce; they are not part of this project, and these tests need them. */
const recordings = process.env.RECORDED_DATA;

interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly status: number;
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
      const exchanges = (await read('salesforce-exchanges.json')) as readonly Exchange[]; // the recording's own format
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

    it.each(['Account', 'Contact', 'Lead'])('hold a describe of %s that can be read', async (object) => {
      const described = describeAnswerSchema.parse(await read(`salesforce-describe-${object}.json`));
      expect(described.fields.length).toBeGreaterThan(50);
      const names = described.fields.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(['Phone', 'IsDeleted', 'MasterRecordId', 'LastModifiedDate']));
    });
  });
}

async function read(name: string): Promise<unknown> {
  const files = [join(recordings ?? '', 'recorded', name), join(recordings ?? '', name)];
  const texts = await Promise.allSettled(files.map((file) => readFile(file, 'utf8')));
  const text = texts.find((result) => result.status === 'fulfilled')?.value;
  if (text === undefined) throw new Error(`RECORDED_DATA has no ${name}`);
  return JSON.parse(text);
}
