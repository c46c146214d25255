import type { ResourceName } from './behaviour.ts';

/** A request's path, understood: which resource it names, and which one of it. */
export interface Route {
  readonly resource: ResourceName;
  readonly template: string;
  readonly id: string;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A lone % names nothing we could have.
    return undefined;
  }
}

const ITEMS: Readonly<Record<string, ResourceName>> = {
  tenants: 'tenant',
  agents: 'agent',
  conversations: 'conversation',
};

/** Finds the resource of a path below the version, e.g. `/conversations/conv_123/messages`. */
export function findRoute(path: string): Route | undefined {
  const [, collection = '', rawId, part, ...rest] = path.split('/');
  if (rest.length > 0) return undefined;
  if (rawId === undefined) {
    if (collection !== 'tenants' && collection !== 'agents' && collection !== 'conversations') return undefined;
    return { resource: collection, template: `/${collection}`, id: '' };
  }
  const id = decoded(rawId);
  if (id === undefined || id === '') return undefined;
  if (part === undefined) {
    const resource = ITEMS[collection];
    return resource === undefined ? undefined : { resource, template: `/${collection}/{id}`, id };
  }
  if (collection !== 'conversations') return undefined;
  if (part !== 'messages' && part !== 'routing_decisions') return undefined;
  return { resource: part, template: `/conversations/{id}/${part}`, id };
}
