/** Private-app token; without `scopes` it has all that the sandbox knows. */
export interface AccessToken {
  readonly token: string;
  readonly scopes?: readonly string[];
  /** Unix milliseconds from which on the token answers as expired; absent = never. */
  readonly expiresAt?: number;
  /** False for a token that acts for a user who may not edit associations: 2026-09 paths refuse its links. */
  readonly mayEditAssociations?: boolean;
}

/** A public app of somebody else that an admin of the account may install. */
export interface PublicApp {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** Scopes that an installation must ask for. */
  readonly scopes: readonly string[];
  /** Scopes that an installation may ask for; the account gives those it has. */
  readonly optionalScopes: readonly string[];
  /** Refresh tokens of earlier installations. */
  readonly refreshTokens?: readonly string[];
}

/** Requests allowed; null switches a limit off, an absent one keeps its default. */
export interface RateLimits {
  /** Per token, rolling ten seconds, search excepted. Default 190 (HubSpot's usage guidelines, private app on Professional). */
  readonly perTenSeconds?: number | null;
  /** Per account. Default 5 (HubSpot's usage guidelines). */
  readonly searchPerSecond?: number | null;
  /** Per account and day in the account's time zone. Default 625,000 (Professional). */
  readonly perDay?: number | null;
}

/** One owner: `id` is what `hubspot_owner_id` wants, `userId` is what it does not. */
export interface Owner {
  readonly id: string;
  readonly userId: number;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly archived: boolean;
}

/** What the vendor leaves unsaid, as switches; `docs/sandbox-hubspot.md` says for each why it exists. */
interface UnknownBehaviour {
  /** HTTP status of a batch that succeeded in part. */
  readonly partialSuccessStatus: 207 | 200;
  readonly unknownPropertyOnWrite: 'reject' | 'ignore';
  /** What a second upsert of a key gets while the first has not been answered. */
  readonly concurrentUpsertOfOneKey: 'one-wins' | '409' | '423';
  /** Whether calls, communications, notes and tasks may have a property with unique values. */
  readonly uniquePropertiesOnActivities: boolean;
  /** A contact with neither e-mail nor first nor last name. */
  readonly phoneOnlyContact: 'accept' | 'reject';
  /** Whether an integration may set `hs_marketable_status`. */
  readonly marketingStatusOnWrite: 'reject' | 'accept';
  /** What a batch read says of the id of a contact that was merged into another one. */
  readonly mergedIdInBatchRead: 'absent' | 'follow';
  /** Whether reading or making links takes a scope of one of the two objects, or of each. */
  readonly associationScopes: 'either' | 'both';
  /** What becomes of the close date of a ticket that is opened again. */
  readonly closeDateOfReopenedTicket: 'clear' | 'keep';
}

export interface HubSpotSandboxOptions extends UnknownBehaviour {
  /** 0 = any free port. */
  readonly port: number;
  readonly host: string;
  readonly accessTokens: readonly AccessToken[];
  readonly apps: readonly PublicApp[];
  /** What an admin answers on the page that installs an app; `ask` leaves it to whoever opens the page. */
  readonly consent: 'allow' | 'deny' | 'ask';
  /** Whether each use of a refresh token gives a new one and ends the old one. */
  readonly refreshTokenRotation: boolean;
  /** Milliseconds each answer is held back after it was worked out. */
  readonly latencyMs: number;
  /** Milliseconds until a change is visible to search; every other read sees it at once. */
  readonly searchLagMs: number;
  readonly limits: RateLimits;
  /** Versions accepted in paths: v3 for objects, v4 for associations, dates for both. */
  readonly apiVersions: readonly string[];
  /** Fixes ids and the order of batch answers. */
  readonly seed: number;
  /** The sandbox's clock, Unix milliseconds: record stamps, search lag and rate windows go by it. */
  readonly now: () => number;
  readonly portalId: number;
  readonly timeZone: string;
  readonly companyCurrency: string;
  readonly owners: readonly Owner[];
  /** Properties an administrator made required, by object name; enforced on 2026-09 paths only, as announced. */
  readonly requiredByAdmin: Readonly<Record<string, readonly string[]>>;
}

/** The scopes of the token that exists by default. */
const defaultScopes: readonly string[] = [
  'crm.objects.contacts.read',
  'crm.objects.contacts.write',
  'crm.schemas.contacts.read',
  'crm.schemas.contacts.write',
  'crm.objects.owners.read',
  'crm.objects.companies.read',
  'crm.objects.deals.read',
  'crm.objects.tickets.read',
];

const defaultToken = 'sandbox-hubspot-token';

const defaultOwners: readonly Owner[] = [
  { id: '70001', userId: 501, email: 'dana.reed@example.com', firstName: 'Dana', lastName: 'Reed', archived: false },
  { id: '70002', userId: 502, email: 'sam.ortiz@example.com', firstName: 'Sam', lastName: 'Ortiz', archived: false },
  { id: '70003', userId: 503, email: 'kim.osei@example.com', firstName: 'Kim', lastName: 'Osei', archived: false },
  { id: '70004', userId: 504, email: 'left.company@example.com', firstName: 'Lee', lastName: 'Gone', archived: true },
];

/** The app the demo may be installed as. */
const defaultApp: PublicApp = {
  clientId: 'sandbox-client-id',
  clientSecret: 'sandbox-client-secret',
  redirectUris: ['http://localhost:8080/oauth/callback'],
  scopes: [
    'oauth',
    'crm.objects.contacts.read',
    'crm.objects.contacts.write',
    'crm.schemas.contacts.read',
    'crm.schemas.contacts.write',
  ],
  optionalScopes: ['crm.objects.owners.read', 'crm.objects.companies.read', 'crm.objects.deals.read', 'tickets'],
};

export const defaultLimits: Required<RateLimits> = { perTenSeconds: 190, searchPerSecond: 5, perDay: 625_000 };

export const defaultOptions: HubSpotSandboxOptions = {
  port: 0,
  host: '127.0.0.1',
  accessTokens: [{ token: defaultToken, scopes: defaultScopes }],
  apps: [defaultApp],
  consent: 'allow',
  refreshTokenRotation: false,
  latencyMs: 0,
  searchLagMs: 2_000,
  limits: defaultLimits,
  apiVersions: ['v3', 'v4', '2026-03', '2026-09'],
  seed: 1,
  now: Date.now,
  portalId: 24_680_135,
  timeZone: 'America/New_York',
  companyCurrency: 'USD',
  owners: defaultOwners,
  requiredByAdmin: {},
  partialSuccessStatus: 207,
  unknownPropertyOnWrite: 'reject',
  concurrentUpsertOfOneKey: 'one-wins',
  uniquePropertiesOnActivities: true,
  phoneOnlyContact: 'accept',
  marketingStatusOnWrite: 'reject',
  mergedIdInBatchRead: 'absent',
  associationScopes: 'either',
  closeDateOfReopenedTicket: 'clear',
};

/** Options over their base; limits are merged one by one so that switching one off keeps the others. */
export function mergeOptions(
  base: HubSpotSandboxOptions,
  given: Partial<HubSpotSandboxOptions>,
): HubSpotSandboxOptions {
  return { ...base, ...given, limits: { ...base.limits, ...given.limits } };
}
