/** Jest runs the TypeScript as it stands: swc strips the types, modules stay ES modules, imports keep their `.ts` suffix. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  reporters: ['default', '<rootDir>/test/support/summary-reporter.js'],
  // A deadline for what waits on real servers, not a measure: on a busy machine they take several times as long.
  testTimeout: 90_000,
  // The machines this runs on have two cores; one more worker only makes the real servers wait for each other.
  maxWorkers: 2,
};
