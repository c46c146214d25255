/** What was asked of the sandbox since it started or was reset. */
export interface RequestCounts {
  readonly total: number;
  /** Most requests ever under way at the same time. */
  readonly peakInFlight: number;
  /** By method and route, e.g. `GET /conversations/{id}`. */
  readonly byRoute: Readonly<Record<string, number>>;
  readonly byStatus: Readonly<Record<string, number>>;
}

export interface RequestTally {
  /** Notes that a request began; the function returned notes that it ended, `status` 0 meaning unanswered. */
  begin(route: string): (status: number) => void;
  counts(): RequestCounts;
  clear(): void;
}

const increment = (counts: Map<string, number>, name: string): void => {
  counts.set(name, (counts.get(name) ?? 0) + 1);
};

export function createRequestTally(): RequestTally {
  const byRoute = new Map<string, number>();
  const byStatus = new Map<string, number>();
  let total = 0;
  let inFlight = 0;
  let peakInFlight = 0;
  return {
    begin: (route) => {
      total += 1;
      inFlight += 1;
      peakInFlight = Math.max(peakInFlight, inFlight);
      increment(byRoute, route);
      return (status) => {
        inFlight -= 1;
        increment(byStatus, String(status));
      };
    },
    counts: () => ({
      total,
      peakInFlight,
      byRoute: Object.fromEntries(byRoute),
      byStatus: Object.fromEntries(byStatus),
    }),
    clear: () => {
      byRoute.clear();
      byStatus.clear();
      total = 0;
      peakInFlight = inFlight;
    },
  };
}
