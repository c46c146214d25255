import { invalidResponse } from './errors.ts';
import type { HttpReader } from './http.ts';
import { normaliseAgent } from './normalise-related.ts';
import type { OfferedResources } from './offered-resources.ts';
import type { PageWalker } from './pages.ts';
import { readCollection } from './read-collection.ts';
import { singleSchema } from './schemas.ts';
import type { Agent, SourceRead } from './source.ts';

export interface AgentReaderParts {
  readonly http: HttpReader;
  readonly walker: PageWalker;
  readonly offered: OfferedResources;
}

function parseAgent(json: unknown, id: string): SourceRead<Agent> {
  const agent = normaliseAgent(singleSchema.safeParse(json).data);
  if (agent?.id !== id) return { kind: 'failed', failure: invalidResponse('not_an_agent', 200) };
  return { kind: 'found', value: agent };
}

/** Looks in the list of agents for one whose own path led nowhere; without a list, agents are not offered. */
async function findInList({ walker, offered }: AgentReaderParts, id: string, signal?: AbortSignal) {
  const outcome = await readCollection(walker, { path: '/agents', query: {}, signal }, normaliseAgent);
  switch (outcome.kind) {
    case 'items': {
      const agent = outcome.items.find((candidate) => candidate.id === id);
      return agent === undefined ? ({ kind: 'not_found' } as const) : ({ kind: 'found', value: agent } as const);
    }
    case 'missing':
      offered.note('agent', 'not_offered');
      return { kind: 'not_offered' } as const;
    case 'failed':
      return outcome;
  }
}

/** Reads one agent. Assumed: `/agents/{id}`, else `/agents`; if neither exists, `not_offered` is remembered for a while. */
export async function readAgent(parts: AgentReaderParts, id: string, signal?: AbortSignal): Promise<SourceRead<Agent>> {
  const standing = parts.offered.standing('agent');
  if (standing === 'not_offered') return { kind: 'not_offered' };
  const outcome = await parts.http.get(`/agents/${encodeURIComponent(id)}`, new URLSearchParams(), signal);
  switch (outcome.kind) {
    case 'json':
      parts.offered.note('agent', 'offered');
      return parseAgent(outcome.value, id);
    case 'missing':
      return standing === 'offered' ? { kind: 'not_found' } : findInList(parts, id, signal);
    case 'failed':
      return outcome;
  }
}
