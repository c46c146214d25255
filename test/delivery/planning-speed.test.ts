import { describe, expect, it } from '@jest/globals';
import { generateConversations } from '../../sandbox/personadesk/index.ts';
import { planDelivery, type PlanInput } from '../../src/delivery/plan.ts';
import { NO_ASSOCIATIONS } from '../../src/domain/association-policy.ts';
import { identifyCaller } from '../../src/domain/caller.ts';
import { tenantIdSchema } from '../../src/domain/ids.ts';
import { knowConversation } from '../../src/domain/known-conversation.ts';
import { LEFT_TO_THE_CRM } from '../../src/domain/owner-policy.ts';
import { NOTHING_WRITTEN } from '../../src/domain/plan.ts';
import { compileMapping } from '../../src/mapping/compile/mapping.ts';
import { parseMappingDocument } from '../../src/mapping/document/parse.ts';
import { hubSpotDocument } from '../../src/mapping/defaults/hubspot.ts';
import { salesforceDocument } from '../../src/mapping/defaults/salesforce.ts';
import type { Mapping } from '../../src/mapping/mapping.ts';
import { normaliseConversation } from '../../src/source/normalise-conversation.ts';
import { judged } from './planned.ts';

const tenantId = tenantIdSchema.parse('ten_test');
const COUNT = 1_000;
/** What is promised; it takes a fifth of that here, so that a busy machine does not break it. */
const CPU_MS = 1_000;

function mappingOf(document: object): Mapping {
  const parsed = parseMappingDocument(document);
  if (parsed.kind === 'invalid') throw new Error('the document has no form');
  const compiled = compileMapping(parsed.document, 'test-1');
  if (compiled.kind === 'refused') throw new Error('the document does not compile');
  return compiled.mapping;
}

const items = generateConversations({
  seed: 1_000,
  tenantId,
  count: COUNT,
  from: new Date('2026-01-05T00:00:00Z'),
  to: new Date('2026-03-01T00:00:00Z'),
}).map(({ resource }) => {
  const normalised = normaliseConversation(resource, tenantId);
  if (normalised.kind === 'rejected') throw new Error('the generator writes what can be read');
  const known = knowConversation({ resource: normalised.value, routing: [], events: [] });
  const { conversation } = known;
  return judged({
    known,
    caller: identifyCaller(conversation, 'US'),
    occurredAt: conversation.startedAt ?? '2026-01-05T00:00:00Z',
  });
});

describe('planning', () => {
  it.each([
    ['HubSpot', hubSpotDocument],
    ['Salesforce', salesforceDocument],
  ])('a thousand conversations by the default document of %s takes less than a second of CPU', (_name, document) => {
    const mapping = mappingOf(document);
    const inputs = items.map((item): PlanInput => ({
      ...item,
      choice: { kind: 'create', rule: 'test' },
      tenantId,
      written: NOTHING_WRITTEN,
      tenant: { timezone: 'America/New_York', defaultCountry: 'US' },
      mapping,
      ownerPolicy: LEFT_TO_THE_CRM,
      associations: NO_ASSOCIATIONS,
      owners: { recordOwner: { kind: 'known', ownerId: undefined }, answers: new Map() },
      related: { activity: undefined, task: undefined },
    }));
    const before = process.cpuUsage();
    const plans = inputs.map(planDelivery);
    const { user, system } = process.cpuUsage(before);
    expect(plans.filter(({ activity }) => (activity?.changes.length ?? 0) > 0)).toHaveLength(COUNT);
    expect((user + system) / 1_000).toBeLessThan(CPU_MS);
  });
});
