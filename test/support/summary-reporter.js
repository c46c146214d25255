import { writeFileSync } from 'node:fs';

/** Writes `N passed, N failed` to the file named by JEST_SUMMARY_FILE, for scripts that read one line. */
export default class SummaryReporter {
  onRunComplete(_contexts, results) {
    const file = process.env.JEST_SUMMARY_FILE;
    if (file === undefined || file === '') return;
    // A suite that could not even start has no tests of its own to count.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    writeFileSync(file, `${results.numPassedTests} passed, ${failed} failed\n`);
  }
}
