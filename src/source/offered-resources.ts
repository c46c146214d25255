/** Resources that the documentation names without saying that their paths exist. */
type OptionalResource = 'conversation' | 'messages' | 'routing_decisions' | 'agent';

/** What we have seen of a resource. */
type Standing = 'offered' | 'not_offered' | 'unknown';

/** Remembers for a while which optional resources the source has, since a 404 alone does not tell. */
export interface OfferedResources {
  standing(resource: OptionalResource): Standing;
  note(resource: OptionalResource, standing: 'offered' | 'not_offered'): void;
}

/** Creates a memory of `ttlMs` milliseconds; after that a resource is tried again, in case it has been added or withdrawn. */
export function createOfferedResources(ttlMs: number, clock: () => number): OfferedResources {
  const seen = new Map<OptionalResource, { readonly standing: Standing; readonly until: number }>();
  return {
    standing: (resource) => {
      const noted = seen.get(resource);
      return noted === undefined || clock() >= noted.until ? 'unknown' : noted.standing;
    },
    note: (resource, standing) => {
      seen.set(resource, { standing, until: clock() + ttlMs });
    },
  };
}
