import type { Answer, Call } from './endpoint.ts';

/** `GET limits`: what is left of the limits that an integration meets. */
export function limits({ org: { daily } }: Call): Answer {
  const Max = daily.allowed();
  return {
    status: 200,
    body: {
      DailyApiRequests: { Max, Remaining: Math.max(0, Max - daily.used()) },
      DailyBulkV2QueryJobs: { Max: 10_000, Remaining: 10_000 },
      ConcurrentAsyncGetReportInstances: { Max: 200, Remaining: 200 },
      DataStorageMB: { Max: 10_240, Remaining: 9_000 },
    },
  };
}

/** `GET` of a version: where its resources are. */
export function resources({ version }: Call): Answer {
  const base = `/services/data/v${version}.0`;
  const names = ['composite', 'jobs', 'limits', 'query', 'queryAll', 'search', 'sobjects'];
  return { status: 200, body: Object.fromEntries(names.map((name) => [name, `${base}/${name}`])) };
}

/** The oldest version of the REST API that is still answered. */
export const oldestApiVersion = 31;

/** `GET /services/data`, for which nobody need sign in. */
export function versionList(newest: number): readonly Record<string, string>[] {
  const versions = Array.from({ length: newest - oldestApiVersion + 1 }, (_, at) => oldestApiVersion + at);
  return versions.map((version) => ({
    label: `v${version}.0`,
    url: `/services/data/v${version}.0`,
    version: `${version}.0`,
  }));
}
