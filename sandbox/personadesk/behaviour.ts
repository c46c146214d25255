import { z } from 'zod';

/** The resources of the API, by the names of PersonaDesk's developer page. */
const RESOURCE_NAMES = [
  'tenants',
  'tenant',
  'agents',
  'agent',
  'conversations',
  'conversation',
  'messages',
  'routing_decisions',
] as const;

export type ResourceName = (typeof RESOURCE_NAMES)[number];

const rateLimitSchema = z
  .object({
    requests: z.number().int().positive(),
    perMs: z.number().int().positive(),
    /** How 429 says when to come back: the documentation does not, so all three must be survived. */
    retryAfter: z.enum(['seconds', 'date', 'none']),
  })
  .readonly();

/** What can be switched while the sandbox runs. */
export const behaviourSchema = z
  .object({
    /** Serve only the six fields of the documented conversation example. */
    documentedFieldsOnly: z.boolean(),
    /** Resources left out answer 404, as unknown paths do. */
    offeredResources: z.array(z.enum(RESOURCE_NAMES)).readonly(),
    /** No order is documented. */
    order: z.enum(['started_at_desc', 'shuffled']),
    defaultPageSize: z.number().int().positive(),
    maxPageSize: z.number().int().positive(),
    /** A cursor older than this is answered with 400; `null` means for ever. */
    cursorTtlMs: z.number().int().positive().nullable(),
    /** Per API key; `null` means no limit. */
    rateLimit: rateLimitSchema.nullable(),
  })
  .readonly();

export type Behaviour = z.infer<typeof behaviourSchema>;

export const DEFAULT_BEHAVIOUR: Behaviour = {
  documentedFieldsOnly: false,
  offeredResources: RESOURCE_NAMES,
  order: 'started_at_desc',
  defaultPageSize: 50,
  maxPageSize: 100,
  cursorTtlMs: null,
  rateLimit: null,
};

/** A change of some of it; what is left out or undefined stays as it is. */
export type BehaviourPatch = { readonly [K in keyof Behaviour]?: Behaviour[K] | undefined };

/** The behaviour after a change. Fields of other options that came along are left out. Throws on an impossible value. */
export function changeBehaviour(current: Behaviour, patch: BehaviourPatch): Behaviour {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  return behaviourSchema.parse({ ...current, ...given });
}

const effectSchema = z.discriminatedUnion('kind', [
  /** An error answer in the API's own form. */
  z.object({ kind: z.literal('status'), status: z.number().int(), retryAfter: z.string().optional() }).readonly(),
  /** The connection is closed without an answer. */
  z.object({ kind: z.literal('reset') }).readonly(),
  /** Silence for `ms`, then the connection is closed; with `after: 'headers'` (of `status`, default 200) it comes in mid-body. */
  z
    .object({
      kind: z.literal('stall'),
      ms: z.number(),
      after: z.enum(['nothing', 'headers']).optional(),
      status: z.number().int().optional(),
    })
    .readonly(),
  /** The usual answer, `ms` later. */
  z.object({ kind: z.literal('delay'), ms: z.number() }).readonly(),
  /** 200 and the first half of a JSON document. */
  z.object({ kind: z.literal('broken_json') }).readonly(),
  /** Any answer at all: a proxy's HTML page, a redirect, a body without end. */
  z
    .object({
      kind: z.literal('answer'),
      status: z.number().int(),
      headers: z.record(z.string(), z.string()).optional(),
      body: z.string(),
    })
    .readonly(),
]);

export type FaultEffect = z.infer<typeof effectSchema>;

export const faultSchema = z
  .object({
    /** Path below the version, e.g. `/conversations`; `*` stands for one segment, `**` for anything. Default: every path. */
    path: z.string().optional(),
    /** How many requests it hits; default 1. */
    times: z.number().int().positive().optional(),
    effect: effectSchema,
  })
  .readonly();

/** Something that goes wrong on demand. */
export type Fault = z.infer<typeof faultSchema>;
