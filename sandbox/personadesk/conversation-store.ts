import { hashText } from './random.ts';
import type { ApiRecord, ConversationResource, SandboxConversation } from './resources.ts';
import type { Behaviour } from './behaviour.ts';

/** A value and the place it takes in a listing; keys are unique and compared as text. */
export interface Keyed<T> {
  readonly key: string;
  readonly value: T;
}

/** All conversations of the sandbox, whoever they belong to. */
export interface ConversationStore {
  add(conversations: readonly SandboxConversation[]): void;
  /** Merges fields into a conversation; false when there is none of that id. */
  update(id: string, patch: ApiRecord): boolean;
  get(id: string): SandboxConversation | undefined;
  all(): readonly SandboxConversation[];
  /** A tenant's conversations in the order asked for. */
  listing(tenantId: string, order: Behaviour['order']): readonly Keyed<ConversationResource>[];
  clear(): void;
}

/** The latest instant a Date can hold: counting down from it turns "newest first" into rising keys. */
const END_OF_TIME_MS = 8.64e15;

function sortKey(resource: ConversationResource, order: Behaviour['order']): string {
  if (order === 'shuffled') return `${hashText(resource.id).toString(16).padStart(8, '0')}:${resource.id}`;
  const started = Date.parse(String(resource.started_at));
  const age = END_OF_TIME_MS - (Number.isNaN(started) ? 0 : started);
  return `${String(age).padStart(17, '0')}:${resource.id}`;
}

const byKey = (left: Keyed<unknown>, right: Keyed<unknown>): number =>
  left.key < right.key ? -1 : left.key > right.key ? 1 : 0;

export function createConversationStore(): ConversationStore {
  const conversations = new Map<string, SandboxConversation>();
  // Sorting is left until somebody lists, so that adding 50,000 one by one stays cheap.
  const sorted = new Map<string, Keyed<ConversationResource>[]>();

  const put = (conversation: SandboxConversation): void => {
    conversations.set(conversation.resource.id, conversation);
    sorted.clear();
  };

  return {
    add: (added) => added.forEach(put),
    update: (id, patch) => {
      const known = conversations.get(id);
      if (known === undefined) return false;
      put({ ...known, resource: { ...known.resource, ...patch, id, tenant_id: known.resource.tenant_id } });
      return true;
    },
    get: (id) => conversations.get(id),
    all: () => [...conversations.values()],
    listing: (tenantId, order) => {
      const name = `${order}:${tenantId}`;
      const ready = sorted.get(name);
      if (ready !== undefined) return ready;
      const listing = [...conversations.values()]
        .map(({ resource }) => resource)
        .filter((resource) => resource.tenant_id === tenantId)
        .map((value) => ({ key: sortKey(value, order), value }))
        .sort(byKey);
      sorted.set(name, listing);
      return listing;
    },
    clear: () => {
      conversations.clear();
      sorted.clear();
    },
  };
}
