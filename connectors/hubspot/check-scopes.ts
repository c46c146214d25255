import { z } from 'zod';
import type { CrmFailure, Finding } from '../../src/domain/crm.ts';
import type { ApiRequest, ApiSession } from './api.ts';
import { RELATED_OBJECT, WRITTEN_OBJECTS } from './properties.ts';

/** A request that changes nothing, and the scope HubSpot's specifications guard it with. */
interface Probe {
  readonly name: string;
  readonly scope: string;
  readonly request: Pick<ApiRequest<unknown>, 'endpoint' | 'method' | 'family' | 'path' | 'query' | 'body'>;
  /** Without it deliveries go on; absent for what they cannot do without. */
  readonly optional?: string;
}

const READ = 'crm.objects.contacts.read';

/** Activities have no scopes of their own: those of contacts guard them (HubSpot's specifications). */
const PROBES: readonly Probe[] = [
  ...WRITTEN_OBJECTS.map((object) => ({
    name: `reading ${object}`,
    scope: READ,
    request: {
      endpoint: 'read',
      method: 'GET',
      family: 'objects',
      path: [object],
      query: { limit: '1' },
    } as const,
  })),
  {
    name: 'searching contacts',
    scope: READ,
    request: {
      endpoint: 'search',
      method: 'POST',
      family: 'objects',
      path: ['contacts', 'search'],
      body: { filterGroups: [], properties: [], limit: 1 },
    },
  },
  {
    // A batch of nothing: scopes are looked at first, then it is refused or does nothing.
    name: 'writing contacts and activities',
    scope: 'crm.objects.contacts.write',
    request: {
      endpoint: 'batch-update',
      method: 'POST',
      family: 'objects',
      path: ['contacts', 'batch', 'update'],
      body: { inputs: [] },
    },
  },
  {
    name: 'reading the definitions of properties',
    scope: 'crm.schemas.contacts.read',
    request: { endpoint: 'properties', method: 'GET', family: 'properties', path: ['contacts'] },
  },
  {
    name: 'creating our unique properties',
    scope: 'crm.schemas.contacts.write',
    request: {
      endpoint: 'properties',
      method: 'POST',
      family: 'properties',
      path: ['contacts', 'batch', 'create'],
      body: { inputs: [] },
    },
    optional: 'needed once, unless the properties are there',
  },
  {
    name: 'reading owners',
    scope: 'crm.objects.owners.read',
    request: { endpoint: 'owners', method: 'GET', family: 'owners', path: [], query: { limit: '1' } },
    optional: 'needed for owners that are given by e-mail address or id',
  },
  ...Object.values(RELATED_OBJECT).map((object) => ({
    name: `reading ${object}`,
    scope: `crm.objects.${object}.read`,
    request: { endpoint: 'read', method: 'GET', family: 'objects', path: [object], query: { limit: '1' } } as const,
    optional: `needed for conversations to stand on ${object} too`,
  })),
];

/** What the token may do, found out by asking for it. */
export async function checkScopes(openSession: () => ApiSession): Promise<readonly Finding[]> {
  const failures = await Promise.all(PROBES.map(({ request }) => probe(openSession(), request)));
  const probed = PROBES.map((each, index) => ({ ...each, failure: failures[index] }));
  const missing = probed.filter(({ failure }) => failure?.status === 403);
  const unknown = probed.filter(({ failure, request }) => failure !== undefined && !tellsScope(failure, request));
  const findings = [
    ...[...Map.groupBy(missing, ({ scope }) => scope).values()].flatMap(scopeMissing),
    ...unknown.map(couldNotProbe),
  ];
  if (findings.length > 0) return findings;
  const what = `The token has every scope that is needed (${[...new Set(PROBES.map(({ scope }) => scope))].join(', ')}).`;
  return [{ severity: 'ok', code: 'scopes_granted', what, fix: '', fixable: false }];
}

async function probe(session: ApiSession, request: Probe['request']): Promise<CrmFailure | undefined> {
  const result = await session.send({ ...request, answer: z.unknown() });
  return result.kind === 'ok' ? undefined : result.failure;
}

/** A batch of nothing that is refused for being empty has passed the scopes. */
function tellsScope({ status }: CrmFailure, { method }: Probe['request']): boolean {
  return status === 403 || (status === 400 && method === 'POST');
}

function scopeMissing(probes: readonly Probe[]): readonly Finding[] {
  const [first] = probes;
  if (first === undefined) return [];
  const { scope, optional } = first;
  const names = probes.map(({ name }) => name).join(', ');
  return [
    {
      severity: optional === undefined ? 'error' : 'warning',
      code: 'scope_missing',
      what: `The token lacks the scope ${scope}: ${names}${optional === undefined ? '' : ` (${optional})`}.`,
      fix: `A super admin: Settings > Integrations > Private Apps (or Service Keys), add the scope ${scope}; a new token goes where the configuration reads it from.`,
      fixable: false,
    },
  ];
}

function couldNotProbe({ name, failure }: Probe & { readonly failure: CrmFailure | undefined }): Finding {
  return {
    severity: 'warning',
    code: 'not_checked',
    what: `It could not be found out whether ${name} is allowed (${failure?.code ?? 'no answer'}).`,
    fix: 'Check again when HubSpot answers.',
    fixable: false,
  };
}
