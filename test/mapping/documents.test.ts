import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse } from 'yaml';
import { defaultDocument } from '../../src/mapping/defaults/default-document.ts';
import { validateMapping } from '../../src/mapping/validate/validate-mapping.ts';
import { ACCOUNTS } from './described-accounts.ts';

/** What the head of a file says of it: `# expect: path | message | fix`, as patterns. */
interface Expectation {
  readonly path: string;
  readonly message: RegExp;
  readonly rest: RegExp;
}

const FOLDER = 'test/mapping/documents';

function fixtures(kind: 'valid' | 'invalid', keyword: string) {
  return readdirSync(join(FOLDER, kind)).map((file) => {
    const text = readFileSync(join(FOLDER, kind, file), 'utf8');
    const head = new RegExp(`^# ${keyword}: (.*?) \\| (.*) \\| (.*)$`, 'gm');
    const expected = [...text.matchAll(head)].map(([, path = '', message = '', rest = '']): Expectation => ({
      path,
      message: new RegExp(message),
      rest: new RegExp(rest),
    }));
    return { file, json: parse(text) as unknown, expected };
  });
}

function validate(json: unknown) {
  const isSalesforce = typeof json === 'object' && json !== null && 'crm' in json && json.crm === 'salesforce';
  const crm = isSalesforce ? 'salesforce' : 'hubspot';
  return validateMapping(json, undefined, ACCOUNTS[crm]);
}

describe('every mistake in a mapping is named with its place and its fix', () => {
  const files = fixtures('invalid', 'expect');

  it('in a table long enough to mean something', () => {
    expect(files.length).toBeGreaterThanOrEqual(60);
  });

  it.each(files.map((fixture) => [fixture.file, fixture] as const))('%s', (_file, { json, expected }) => {
    expect(expected).not.toEqual([]);
    expect(validate(json).problems).toEqual(
      expected.map(({ path, message, rest }) => ({
        path,
        message: expect.stringMatching(message),
        fix: expect.stringMatching(rest),
      })),
    );
  });
});

describe('a mapping without mistakes has no problems, and each risk is a warning', () => {
  it.each(fixtures('valid', 'warns').map((fixture) => [fixture.file, fixture] as const))(
    '%s',
    (_file, { json, expected }) => {
      const { document, problems, warnings } = validate(json);
      expect(problems).toEqual([]);
      expect(document).toBeDefined();
      expect(warnings).toEqual(
        expected.map(({ path, message, rest }) => ({
          path,
          message: expect.stringMatching(message),
          risk: expect.stringMatching(rest),
          fix: expect.stringMatching(/\w/),
        })),
      );
    },
  );
});

describe('a mapping for an account', () => {
  const document = {
    version: 1,
    crm: 'hubspot',
    name: 'x',
    person: [],
    activities: { call: [], text_message: [], chat: [] },
    task: [],
  };

  it('of another CRM is refused', () => {
    expect(validateMapping(document, 'salesforce', ACCOUNTS.salesforce).problems).toEqual([
      { path: 'crm', message: expect.stringContaining('hubspot'), fix: expect.stringContaining('crm: salesforce') },
    ]);
  });

  it('that cannot be read is not called wrong, but unchecked', () => {
    const failure = {
      disposition: 'retry',
      code: 'network.reset',
      status: undefined,
      retryAfterMs: undefined,
      field: undefined,
      vendorText: undefined,
    } as const;
    const { problems, warnings } = validateMapping(document, 'hubspot', { kind: 'could_not_check', failure });
    expect(problems).toEqual([]);
    expect(warnings).toEqual([expect.objectContaining({ message: expect.stringContaining('network.reset') })]);
  });
});

/** A document with one of its parts, at any depth, replaced by something else. */
function replaceAt(json: unknown, steps: readonly number[], other: unknown): unknown {
  const [step, ...rest] = steps;
  if (step === undefined || typeof json !== 'object' || json === null) return other;
  const entries: readonly (readonly [string, unknown])[] = Object.entries(json);
  const chosen = entries.length === 0 ? 0 : step % entries.length;
  const replaced = entries.map(
    ([key, inner], index) => [key, index === chosen ? replaceAt(inner, rest, other) : inner] as const,
  );
  return Array.isArray(json) ? replaced.map(([, inner]) => inner) : Object.fromEntries(replaced);
}

describe('whatever stands in a file', () => {
  it('is validated without a throw, and every problem says where and what to do', () => {
    const broken = fc
      .tuple(
        fc.constantFrom('hubspot' as const, 'salesforce' as const),
        fc.array(fc.nat(40), { maxLength: 6 }),
        fc.jsonValue({ maxDepth: 2 }),
      )
      .map(([crm, steps, other]) => replaceAt(defaultDocument(crm), steps, other));
    fc.assert(
      fc.property(fc.oneof(broken, fc.jsonValue()), (json) => {
        for (const { path, message, fix } of validate(json).problems) {
          expect([typeof path, message.length > 0, fix.length > 0]).toEqual(['string', true, true]);
          expect(`${message} ${fix}`).not.toMatch(/undefined|\[object/);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
