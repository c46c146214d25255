import { endpointIdSchema, type EndpointId, type TenantId } from '../domain/ids.ts';
import { withDeadline } from './deadline.ts';
import { errorCode } from './error-code.ts';
import type { IntakeStore } from './ports.ts';
import { createShortMemory } from './short-memory.ts';
import { createVerifier } from './verification/create-verifier.ts';
import type { Verifier } from './verification/verifier.ts';

/** A tenant's webhook URL with what it needs to judge a request. */
export interface Endpoint {
  readonly tenantId: TenantId;
  readonly verifier: Verifier;
  /** False when a secret of the rotation list could not be read: a signature that fits none may still be a right one. */
  readonly allSecretsRead: boolean;
}

type EndpointResult =
  | { readonly kind: 'found'; readonly endpoint: Endpoint }
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'unavailable';
      readonly code: 'overloaded' | 'store_unavailable' | 'verification_unavailable';
      readonly cause: string;
    };

export interface EndpointDirectory {
  find(endpointId: string): Promise<EndpointResult>;
}

export interface EndpointDirectoryOptions {
  readonly store: Pick<IntakeStore, 'tenants' | 'secrets'>;
  readonly clock: () => Date;
  readonly deadlineMs: number;
  readonly knownMs: number;
  readonly unknownMs: number;
}

/** Entries remembered, known and unknown apart: guesses cannot push out what is real. */
const CAPACITY = 10_000;
/** Look-ups under way at once; guesses beyond it are not worth a place in the store's queue. */
const MAX_LOOK_UPS = 500;

/**
 * Endpoints by their id, remembered for a short time; a change of configuration takes effect within it. Requests for one
 * endpoint share a look-up, and a failed look-up is never remembered.
 */
export function createEndpointDirectory(options: EndpointDirectoryOptions): EndpointDirectory {
  const known = createShortMemory<EndpointId, Endpoint>(options.clock, CAPACITY);
  const unknown = createShortMemory<EndpointId, true>(options.clock, CAPACITY);
  const underWay = new Map<EndpointId, Promise<EndpointResult>>();

  async function lookUp(endpointId: EndpointId): Promise<EndpointResult> {
    try {
      const result = await withDeadline(load(options.store, endpointId), options.deadlineMs);
      if (result.kind === 'unknown') unknown.set(endpointId, true, options.unknownMs);
      if (result.kind === 'found') {
        const { endpoint } = result;
        known.set(endpointId, endpoint, endpoint.allSecretsRead ? options.knownMs : options.unknownMs);
      }
      return result;
    } catch (error) {
      return { kind: 'unavailable', code: 'store_unavailable', cause: errorCode(error) };
    } finally {
      underWay.delete(endpointId);
    }
  }

  return {
    async find(text) {
      const id = endpointIdSchema.safeParse(text);
      if (!id.success || unknown.get(id.data) === true) return { kind: 'unknown' };
      const endpoint = known.get(id.data);
      if (endpoint !== undefined) return { kind: 'found', endpoint };
      const present = underWay.get(id.data);
      if (present !== undefined) return present;
      if (underWay.size >= MAX_LOOK_UPS) return { kind: 'unavailable', code: 'overloaded', cause: 'look_ups' };
      const started = lookUp(id.data);
      underWay.set(id.data, started);
      return started;
    },
  };
}

async function load(store: EndpointDirectoryOptions['store'], endpointId: EndpointId): Promise<EndpointResult> {
  const row = await store.tenants.endpoint(endpointId);
  if (row === undefined) return { kind: 'unknown' };
  const { tenantId, verification } = row;
  const read = await Promise.allSettled(verification.secrets.map((ref) => store.secrets.resolve(tenantId, ref)));
  const failures = read.filter((result) => result.status === 'rejected');
  const [failure] = failures;
  if (failure !== undefined && failures.length === read.length) {
    return { kind: 'unavailable', code: 'verification_unavailable', cause: errorCode(failure.reason) };
  }
  // A secret that could not be read keeps its place as an empty text, which matches nothing.
  const secrets = read.map((result) => (result.status === 'fulfilled' ? result.value : ''));
  const verifier = createVerifier(verification, secrets);
  return { kind: 'found', endpoint: { tenantId, verifier, allSecretsRead: failures.length === 0 } };
}
