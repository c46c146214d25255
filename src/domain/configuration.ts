import { z } from 'zod';
import {
  hubSpotAssociationPolicySchema,
  NO_ASSOCIATIONS,
  salesforceAssociationPolicySchema,
  type AssociationPolicy,
} from './association-policy.ts';
import { baseUrlSchema } from './base-url.ts';
import { businessHoursSchema } from './business-hours.ts';
import { contentPolicySchema } from './content-policy.ts';
import { csvLogAccess, hubSpotAccess, salesforceAccess } from './crm-access.ts';
import { filterPolicySchema } from './filter-policy.ts';
import { connectionIdSchema, endpointIdSchema, tenantIdSchema } from './ids.ts';
import {
  hubSpotOwnerPolicySchema,
  LEFT_TO_THE_CRM,
  salesforceOwnerPolicySchema,
  type OwnerPolicy,
} from './owner-policy.ts';
import { secretRefSchema } from './secret-ref.ts';
import { taskPolicySchema } from './task-policy.ts';
import { isTimeZone } from './time-zone.ts';
import { unknownCallerPolicySchema } from './unknown-caller-policy.ts';

/** How a tenant's webhooks prove that they come from PersonaDesk. There is no "none". */
const verificationSchema = z.discriminatedUnion('scheme', [
  z.strictObject({
    scheme: z.literal('standard-webhooks'),
    secrets: z.array(secretRefSchema).min(1).max(5),
    toleranceSeconds: z.int().min(30).max(3600).default(300),
  }),
  z.strictObject({
    scheme: z.literal('hmac-header'),
    header: z.string().regex(/^[A-Za-z0-9-]+$/),
    algorithm: z.enum(['sha256', 'sha512']).default('sha256'),
    encoding: z.enum(['hex', 'base64']).default('hex'),
    secrets: z.array(secretRefSchema).min(1).max(5),
  }),
  z.strictObject({ scheme: z.literal('bearer'), secrets: z.array(secretRefSchema).min(1).max(5) }),
]);

export type Verification = z.infer<typeof verificationSchema>;

/** How the person is found. */
const matchingPolicySchema = z.strictObject({
  /** CRM fields that hold phone numbers, beside the CRM's own. */
  phoneFields: z.array(z.string().min(1)).max(10).default([]),
  /** Several people with one number: leave it to a person, or take the one changed last. */
  ambiguous: z.enum(['review', 'most_recently_modified']).default('review'),
});

/** What is decided for a connection, whatever its CRM. */
const policies = {
  content: contentPolicySchema.prefault({}),
  filters: filterPolicySchema.default([]),
  matching: matchingPolicySchema.prefault({}),
  tasks: taskPolicySchema.prefault({}),
  unknownCaller: unknownCallerPolicySchema.prefault({}),
};

/**
 * A mapping document, for a CRM whose fields can be chosen; the connection has the default one without it. JSON here: its
 * own form is judged where mappings are known, before a configuration is applied.
 */
const mapping = z.json().optional();

/** What is decided for a connection in the words of its CRM: HubSpot has no opportunities, and only Salesforce queues. */
const hubSpotPolicies = {
  associations: hubSpotAssociationPolicySchema.prefault({}),
  owners: hubSpotOwnerPolicySchema.prefault({}),
  mapping,
};
const salesforcePolicies = {
  associations: salesforceAssociationPolicySchema.prefault({}),
  owners: salesforceOwnerPolicySchema.prefault({}),
  mapping,
};

/** One connection: which CRM, and how it is reached. `crm` decides what else may be said. */
const connectionSchema = z.discriminatedUnion('crm', [
  z.strictObject({
    id: connectionIdSchema,
    crm: z.literal('hubspot'),
    ...hubSpotAccess,
    ...policies,
    ...hubSpotPolicies,
  }),
  z.strictObject({
    id: connectionIdSchema,
    crm: z.literal('salesforce'),
    ...salesforceAccess,
    ...policies,
    ...salesforcePolicies,
  }),
  z.strictObject({ id: connectionIdSchema, crm: z.literal('csv-log'), ...csvLogAccess, ...policies }),
]);

const tenantSchema = z.strictObject({
  id: tenantIdSchema,
  name: z.string().min(1).max(200),
  timezone: z.string().refine(isTimeZone, 'an IANA time zone such as America/New_York').default('UTC'),
  /** Country of numbers that are written without a country code. */
  defaultCountry: z
    .string()
    .regex(/^[A-Z]{2}$/, 'an ISO 3166 country code such as US')
    .default('US'),
  /** Always open without them. */
  businessHours: businessHoursSchema.optional(),
  personadesk: z.strictObject({
    baseUrl: baseUrlSchema.default('https://api.personadesk.ai/v1'),
    apiKey: secretRefSchema,
  }),
  webhook: z.strictObject({
    /** The opaque last part of the URL; drawn at random when it is not given. */
    endpointId: endpointIdSchema.optional(),
    verification: verificationSchema,
  }),
  connections: z.array(connectionSchema).max(50).default([]),
});

/** The configuration file. One schema for the CLI, the API and the UI; unknown keys are errors. */
export const configurationSchema = z
  .strictObject({ version: z.literal(1), tenants: z.array(tenantSchema).max(1000) })
  .superRefine((configuration, context) => {
    const seen = new Map<string, string>();
    configuration.tenants.forEach((tenant, t) => {
      refuseTwice(seen, `tenant ${tenant.id}`, ['tenants', t, 'id'], context);
      const { endpointId } = tenant.webhook;
      if (endpointId !== undefined) {
        refuseTwice(seen, `endpoint ${endpointId}`, ['tenants', t, 'webhook', 'endpointId'], context);
      }
      tenant.connections.forEach((connection, c) => {
        refuseTwice(seen, `connection ${connection.id}`, ['tenants', t, 'connections', c, 'id'], context);
      });
    });
  });

export type Configuration = z.infer<typeof configurationSchema>;
export type TenantConfiguration = Configuration['tenants'][number];
export type ConnectionConfiguration = TenantConfiguration['connections'][number];
/** A mapping document as it stands in the file. */
export type MappingJson = Exclude<z.infer<typeof mapping>, undefined>;
/** The configuration of a connection to one kind of CRM. */
export type ConfigurationFor<K extends ConnectionConfiguration['crm']> = Extract<ConnectionConfiguration, { crm: K }>;

/** Who records are given to; a CRM without owners is left alone. */
export function ownerPolicyOf(configuration: ConnectionConfiguration): OwnerPolicy {
  return 'owners' in configuration ? configuration.owners : LEFT_TO_THE_CRM;
}

/** What conversations are put on beside their person; nothing where there is nothing else. */
export function associationPolicyOf(configuration: ConnectionConfiguration): AssociationPolicy {
  return 'associations' in configuration ? configuration.associations : NO_ASSOCIATIONS;
}

/** The mapping document of a connection; undefined for one that has the default mapping. */
export function mappingDocumentOf(configuration: ConnectionConfiguration): MappingJson | undefined {
  return 'mapping' in configuration ? configuration.mapping : undefined;
}

function refuseTwice(
  seen: Map<string, string>,
  what: string,
  path: readonly (string | number)[],
  context: z.RefinementCtx,
): void {
  const earlier = seen.get(what);
  if (earlier === undefined) seen.set(what, path.join('.'));
  else context.addIssue({ code: 'custom', path: [...path], message: `${what} stands twice; it is also at ${earlier}` });
}
