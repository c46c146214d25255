import { z } from 'zod';
import type { CrmKind, RelatedKind } from './crm.ts';
import { isDistinct } from './distinct.ts';

const HUBSPOT_KINDS = ['deal', 'ticket', 'company'] as const satisfies readonly RelatedKind<'hubspot'>[];
const SALESFORCE_KINDS = ['opportunity', 'case', 'account'] as const satisfies readonly RelatedKind<'salesforce'>[];

export const hubSpotAssociationPolicySchema = associationPolicy(HUBSPOT_KINDS);
export const salesforceAssociationPolicySchema = associationPolicy(SALESFORCE_KINDS);

/** What a conversation is put on beside its person, and what is done when a person has several of a kind. */
export interface AssociationPolicy {
  /** In order of preference. */
  readonly with: readonly RelatedKind[];
  readonly several: 'latest' | 'none';
}

/** What is done where there is nothing to associate with. */
export const NO_ASSOCIATIONS: AssociationPolicy = { with: [], several: 'latest' };

/** Whether an activity has room for one related record only: Salesforce's object reference, `WhatId` of Task. */
export const HAS_ONE_PLACE: Readonly<Record<CrmKind, boolean>> = {
  hubspot: false,
  salesforce: true,
  'csv-log': false,
};

function associationPolicy<const K extends readonly [string, ...string[]]>(kinds: K) {
  return z.strictObject({
    /** Kinds of record, in order. HubSpot links all of them, Salesforce the first that the person has. */
    with: z.array(z.enum(kinds)).refine(isDistinct, 'a kind may stand here once only').default([]),
    /** Several open ones of a kind: the one changed last, or none. */
    several: z.enum(['latest', 'none']).default('latest'),
  });
}
