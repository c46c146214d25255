import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyConfiguration, type ApplyResult } from '../../src/admin/services/apply-configuration.ts';
import { configurationInForce } from '../../src/admin/services/configuration-in-force.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { ACCESS_ERRORS } from './access-errors.ts';
import { changed, FILE, SECRET_VALUES } from './configuration-file.ts';
import { POLICY_ERRORS } from './policy-errors.ts';
import { RULE_ERRORS } from './rule-errors.ts';
import { CONNECTION, USER_ERRORS } from './user-errors.ts';

describe('a configuration file with a mistake', () => {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore({ environment: SECRET_VALUES });
    const applied = await applyFile(FILE);
    expect(applied.kind).toBe('applied');
  });
  afterAll(() => opened.close());

  function applyFile(yaml: string): Promise<ApplyResult> {
    const { store, clock } = opened;
    return applyConfiguration(
      { yaml, dryRun: false },
      { store, wake: () => Promise.resolve(), now: () => clock.now, crmHosts: 'any' },
    );
  }

  it.each([...USER_ERRORS, ...ACCESS_ERRORS, ...POLICY_ERRORS, ...RULE_ERRORS])(
    '$name is answered with place, problem and fix, and changes nothing',
    async (mistake) => {
      const before = await configurationInForce(opened.store);
      const result = await applyFile(mistake.yaml);
      if (result.kind !== 'refused') throw new Error(`the file was ${result.kind}`);
      expect(result.problems).toContainEqual({
        path: mistake.path,
        line: mistake.line,
        problem: expect.stringMatching(mistake.problem),
        fix: expect.stringMatching(mistake.fix),
      });
      expect(await configurationInForce(opened.store)).toEqual(before);
      // What is planted where a secret may stand is never repeated.
      expect(JSON.stringify(result)).not.toContain('geheim99');
    },
  );

  it('reports all its mistakes at once', async () => {
    const result = await applyFile(changed('action: create', 'action: x', changed('summary: true', 'summary: 1')));
    expect(result).toMatchObject({
      kind: 'refused',
      problems: [{ path: `${CONNECTION}.content.summary` }, { path: `${CONNECTION}.unknownCaller.action` }],
    });
  });

  it('is refused when aliases multiply without end, and not expanded', async () => {
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x,x]'];
    for (const [name, of] of ['ba', 'cb', 'dc', 'ed', 'fe'].map((pair) => Array.from(pair))) {
      bomb.push(`${name ?? ''}: &${name ?? ''} [${Array.from({ length: 10 }, () => `*${of ?? ''}`).join(',')}]`);
    }
    const result = await applyFile(bomb.join('\n'));
    expect(result).toMatchObject({ kind: 'refused', problems: [{ problem: expect.stringContaining('aliases') }] });
  });
});
