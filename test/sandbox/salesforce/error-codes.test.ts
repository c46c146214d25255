import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { errorCodes, restOnlyCodes } from '../../../sandbox/salesforce/error-codes.ts';

/** The partner WSDL as the jsforce package carries it. */
async function codesOfWsdl(): Promise<ReadonlySet<string>> {
  const jsforce = dirname(createRequire(import.meta.url).resolve('jsforce/package.json'));
  const text = await readFile(join(jsforce, 'src', 'api', 'soap', 'wsdl.xml'), 'utf8');
  const lists = text.match(/<simpleType name="(?:StatusCode|ExceptionCode)">[\s\S]*?<\/simpleType>/g) ?? [];
  expect(lists).toHaveLength(2);
  return new Set([...lists.join('').matchAll(/<enumeration value="(\w+)"/g)].map((found) => found[1] ?? ''));
}

it("every code the sandbox answers with is one of Salesforce's own", async () => {
  const known = await codesOfWsdl();
  expect(known.size).toBeGreaterThan(370);
  const unknown = errorCodes.filter((code) => !known.has(code));
  expect(unknown.toSorted()).toEqual(restOnlyCodes.toSorted());
});
