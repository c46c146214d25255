/** What the global setup hands to the test files, which run in other processes: names of environment variables. */
export const RUN_ENVIRONMENT = {
  /** URL of a database that always exists and that no test writes to. */
  databaseUrl: 'TEST_DATABASE_URL',
  /** Name of the migrated, empty database that test databases are copies of. */
  templateDatabase: 'TEST_TEMPLATE_DATABASE',
  /** `host:port` of the Temporal dev server. */
  temporalAddress: 'TEST_TEMPORAL_ADDRESS',
  /** File with the bundled workflow code, for `workflowBundle: { codePath }`. */
  workflowBundle: 'TEST_WORKFLOW_BUNDLE',
} as const;

/** @throws {Error} when the test was not started through Jest's global setup */
export function fromRun(key: keyof typeof RUN_ENVIRONMENT): string {
  const name = RUN_ENVIRONMENT[key];
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run tests with npm test or npx jest.`);
  return value;
}
