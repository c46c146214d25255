import { z } from 'zod';
import { normaliseEmail } from './caller.ts';
import type { CrmKind, OwnerQuery } from './crm.ts';
import { isDistinct } from './distinct.ts';

/**
 * Who a record may be given to.
 * - `agent`: the owner that the configuration names for the PersonaDesk agent. - `record_owner`: whoever owns the person's
 * record. - `fallback`: the one owner for all else.
 */
const ownerRuleSchema = z.enum(['agent', 'record_owner', 'fallback']);
export type OwnerRule = z.infer<typeof ownerRuleSchema>;

const emailAddress = z.string().refine((text) => normaliseEmail(text) !== undefined, 'this is no e-mail address');
/** By its label or its developer name. */
const queue = z.strictObject({ queue: z.string().min(1).max(80) });

/** The owners of a HubSpot account are its users. */
export const hubSpotOwnerPolicySchema = ownerPolicy(emailAddress);
/** Salesforce gives tasks to queues as well. */
export const salesforceOwnerPolicySchema = ownerPolicy(z.union([emailAddress, queue]));

export type OwnerPolicy = z.infer<typeof salesforceOwnerPolicySchema>;
/** An owner as the configuration names one. */
export type OwnerName = OwnerPolicy['agents'][string];

/** What is done about owners where there are none to choose from. */
export const LEFT_TO_THE_CRM: OwnerPolicy = { agents: {}, activity: [], task: [] };

/** The field that keeps the owner of a person, an activity or a task; undefined where records have none. */
export const OWNER_FIELDS: Readonly<Record<CrmKind, string | undefined>> = {
  // HubSpot's owners guide: the id of the owner, not that of the user.
  hubspot: 'hubspot_owner_id',
  // Salesforce's object reference for Contact, Lead and Task.
  salesforce: 'OwnerId',
  'csv-log': undefined,
};

/** How the CRM is asked for an owner of the configuration. */
export function ownerQuery(name: OwnerName): OwnerQuery {
  return typeof name === 'string' ? { by: 'email', value: name } : { by: 'queue', value: name.queue };
}

function ownerPolicy<O extends z.ZodType<string | z.infer<typeof queue>>>(owner: O) {
  const rules = z.array(ownerRuleSchema).refine(isDistinct, 'a rule may stand here once only');
  return z.strictObject({
    /** PersonaDesk agent id to owner. */
    agents: z.record(z.string().min(1).max(128), owner).default({}),
    /** Who a call, a text message or a chat is given to, tried in order; nobody leaves it to the CRM. */
    activity: rules.default([]),
    /** Who a follow-up task is given to, tried in order. */
    task: rules.default(['agent', 'record_owner', 'fallback']),
    fallback: owner.optional(),
  });
}
