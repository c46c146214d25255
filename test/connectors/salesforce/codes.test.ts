import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { ACTIONABLE_CODES } from '../../../connectors/salesforce/code-groups.ts';
import { meaningOf } from '../../../connectors/salesforce/codes.ts';
import { CODES_OF_OTHER_FEATURES } from '../../../connectors/salesforce/codes-of-other-features.ts';

/** Salesforce's own list: its partner WSDL, which jsforce ships. */
const WSDL = new URL('../../../node_modules/jsforce/src/api/soap/wsdl.xml', import.meta.url);

describe("every code of Salesforce's partner WSDL has a meaning", () => {
  // The counts are those of the WSDL: they show that the test has really read it.
  it.each([
    ['StatusCode', 370],
    ['ExceptionCode', 205],
  ])('%s', async (type, count) => {
    const codes = await codesOf(type);
    expect(codes).toHaveLength(count);
    expect(codes.filter((code) => meaningOf(code) === undefined)).toEqual([]);
  });

  it('no code has two meanings', () => {
    const listed = [...ACTIONABLE_CODES, ...CODES_OF_OTHER_FEATURES].flatMap(({ codes }) => codes.trim().split(/\s+/));
    expect(listed.filter((code, index) => listed.indexOf(code) !== index)).toEqual([]);
  });

  it('every meaning is a sentence for a person', () => {
    for (const { what } of [...ACTIONABLE_CODES, ...CODES_OF_OTHER_FEATURES]) expect(what).toMatch(/^[A-Z].{20,}\.$/);
  });
});

describe('what decides who must act', () => {
  it.each([
    ['UNABLE_TO_LOCK_ROW', 'retry'],
    ['QUERY_TIMEOUT', 'retry'],
    ['ENTITY_IS_LOCKED', 'retry'],
    ['REQUEST_LIMIT_EXCEEDED', 'throttle'],
    ['INVALID_SESSION_ID', 'reconnect'],
    ['API_DISABLED_FOR_ORG', 'reconnect'],
    ['INVALID_FIELD', 'fix_mapping'],
    ['REQUIRED_FIELD_MISSING', 'fix_mapping'],
    ['INACTIVE_OWNER_OR_USER', 'fix_mapping'],
    ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', 'fix_mapping'],
    ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'fix_record'],
    ['INSUFFICIENT_ACCESS_OR_READONLY', 'fix_record'],
    ['STRING_TOO_LONG', 'fix_record'],
    ['DUPLICATE_VALUE', 'resolve'],
    ['DUPLICATES_DETECTED', 'resolve'],
    ['CANNOT_UPDATE_CONVERTED_LEAD', 'resolve'],
    ['ENTITY_IS_DELETED', 'resolve'],
    ['MALFORMED_QUERY', 'bug'],
    ['JSON_PARSER_ERROR', 'bug'],
  ])('%s is %s', (code, disposition) => {
    expect(meaningOf(code)?.disposition).toBe(disposition);
  });
});

async function codesOf(type: string): Promise<readonly string[]> {
  const wsdl = await readFile(WSDL, 'utf8');
  const enumeration = new RegExp(`<simpleType name="${type}">([\\s\\S]*?)</simpleType>`).exec(wsdl)?.[1] ?? '';
  return [...enumeration.matchAll(/enumeration value="(?:\w+:)?(\w+)"/g)].flatMap((match) => match[1] ?? []);
}
