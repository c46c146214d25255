import { validateMapping } from '../../mapping/validate/validate-mapping.ts';
import type { ExplainedIssue } from './configuration-issue.ts';
import { pathOf, type ConfigurationPath } from './configuration-problem.ts';

/**
 * What is wrong with the mappings of a configuration file, each at its place in the file. They are judged by themselves,
 * without the account; what else may be wrong with the file makes no difference.
 *
 * @param value the content of the file, whatever it is
 */
export function mappingProblems(value: unknown): readonly ExplainedIssue[] {
  return listAt(value, 'tenants').flatMap((tenant, t) =>
    listAt(tenant, 'connections').flatMap((connection, c) => {
      const mapping = memberOf(connection, 'mapping');
      const crm = memberOf(connection, 'crm');
      // CSV files have fixed columns: there the key itself is the mistake, and the schema says so.
      if (mapping === undefined || (crm !== 'hubspot' && crm !== 'salesforce')) return [];
      const place: ConfigurationPath = ['tenants', t, 'connections', c, 'mapping'];
      return validateMapping(mapping, crm).problems.map(({ path, message, fix }) => ({
        path: [...place, ...pathOf(path)],
        problem: message,
        fix,
      }));
    }),
  );
}

function listAt(value: unknown, key: string): readonly unknown[] {
  const list = memberOf(value, key);
  return Array.isArray(list) ? list : [];
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (Reflect.get(value, key) as unknown)
    : undefined;
}
