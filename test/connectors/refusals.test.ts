import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { classify, classifyNoAnswer } from '../../connectors/hubspot/classify.ts';
import { readVendorError } from '../../connectors/hubspot/vendor-error.ts';
import { sentenceOfRefusal } from '../../connectors/refusals.ts';
import { CODES_OF_OTHER_FEATURES } from '../../connectors/salesforce/codes-of-other-features.ts';
import { ACTIONABLE_CODES } from '../../connectors/salesforce/code-groups.ts';
import { NOW_MS, REFUSALS } from './hubspot/refusal-cases.ts';

const SENTENCE = /^[A-Z].{15,}\.$/;

describe('a refusal is told to a person in a sentence', () => {
  it('every code that a HubSpot refusal states', () => {
    const stated = REFUSALS.map(({ status, body, headers = {}, endpoint = 'batch-upsert' }) =>
      classify(readVendorError(status, body), { endpoint, headers, nowMs: NOW_MS }),
    ).flatMap(({ code }) => (/^hubspot\.[A-Z]+_[A-Z_]+$/.test(code) ? [code] : []));
    expect(new Set(stated).size).toBeGreaterThan(10);
    const invented = new Set(['hubspot.SOMETHING_NEW']);
    expect(new Set(stated.filter((code) => sentenceOfRefusal(code) === undefined))).toEqual(invented);
  });

  it.each(['hubspot', 'salesforce'])('every code that the %s connector gives by itself', async (crm) => {
    const codes = await ownCodes(crm);
    expect(codes.length).toBeGreaterThan(3);
    expect(codes.filter((code) => sentenceOfRefusal(code) === undefined)).toEqual([]);
  });

  it('every code of Salesforce', () => {
    const codes = [...ACTIONABLE_CODES, ...CODES_OF_OTHER_FEATURES].flatMap(({ codes }) => codes.trim().split(/\s+/));
    for (const code of codes) expect(sentenceOfRefusal(`salesforce.${code}`)).toMatch(SENTENCE);
  });

  it('every network event, token refusal and limit of our own', () => {
    const events = ['timeout', 'reset', 'refused', 'dns', 'aborted', 'too_large', 'tls', 'network'] as const;
    const codes = [
      ...events.map((event) => classifyNoAnswer(event).code),
      'hubspot.token_BAD_REFRESH_TOKEN',
      'salesforce.token_invalid_grant',
      'csv-log.ENOENT',
      'budget.daily',
    ];
    for (const code of codes) expect(sentenceOfRefusal(code)).toMatch(SENTENCE);
  });

  it('a code that nobody has listed has none', () => {
    for (const code of ['hubspot.HTTP_418', 'hubspot.toString', 'salesforce.NEW_CODE', 'other.CODE', '', 'x'])
      expect(sentenceOfRefusal(code)).toBeUndefined();
  });
});

/** The codes that a connector's own files name. */
async function ownCodes(crm: string): Promise<readonly string[]> {
  const folder = join('connectors', crm);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'));
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  return texts.flatMap((text) =>
    [...text.matchAll(/'(hubspot\.\w+)'|failureCode\('(\w+)'\)/g)].map(
      ([, whole, part]) => whole ?? `salesforce.${part ?? ''}`,
    ),
  );
}
