import { describe, expect, it } from '@jest/globals';
import { WRITTEN_OPTIONS } from '../../../connectors/hubspot/check-properties.ts';
import { ACTIVITY_OBJECT } from '../../../connectors/hubspot/properties.ts';
import { identifyCaller } from '../../../src/domain/caller.ts';
import type { Conversation } from '../../../src/domain/conversation.ts';
import type { ActivityKind } from '../../../src/domain/crm.ts';
import { conversationIdSchema, tenantIdSchema } from '../../../src/domain/ids.ts';
import type { FollowUp } from '../../../src/domain/task-policy.ts';
import { defaultMapping } from '../../../src/mapping/default-mapping.ts';
import { evaluate, type FieldRule, type MappingSource } from '../../../src/mapping/mapping.ts';
import { connectAccount } from './connected-account.ts';

/** Statuses that also tell how a call went. */
const OUTCOMES = ['busy', 'no_answer', 'voicemail', 'wrong_number'];
const STATUSES = ['active', 'completed', 'missed', 'abandoned', 'failed', 'transferred', 'something new'].concat(
  OUTCOMES,
);
const KINDS: readonly ActivityKind[] = ['call', 'text_message', 'chat'];

/** Conversations that differ in all that decides about an option. */
const SOURCES = STATUSES.flatMap((status) =>
  (['inbound', 'outbound'] as const).flatMap((direction) =>
    ['voice', 'sms', 'whatsapp', 'chat'].flatMap((channel) =>
      (['low', 'medium', 'high'] as const).map((priority) => source({ status, direction, channel }, priority)),
    ),
  ),
);

describe('the options that the doctor looks for', () => {
  it('are those of the default mapping: each list field it writes, with each value it can give it', async () => {
    const mapping = defaultMapping('hubspot');
    const lists = await listFields();
    const written = new Map<string, Set<string>>();
    const note = (object: string, rules: readonly FieldRule[]) => {
      for (const each of SOURCES) {
        for (const { field, value } of evaluate(rules, each)) {
          const name = `${object}.${field}`;
          if (lists.has(name)) written.set(name, (written.get(name) ?? new Set()).add(value));
        }
      }
    };
    for (const kind of KINDS) note(ACTIVITY_OBJECT[kind], mapping.activity(kind));
    note('tasks', mapping.task);
    note('contacts', mapping.person);

    const looked = Object.entries(WRITTEN_OPTIONS).flatMap(([object, fields]) =>
      Object.entries(fields).map(([field, values]) => [`${object}.${field}`, values.toSorted()] as const),
    );
    // Tasks are completed by another step than the mapping.
    written.get('tasks.hs_task_status')?.add('COMPLETED');
    expect(Object.fromEntries(looked)).toEqual(
      Object.fromEntries([...written].map(([name, values]) => [name, [...values].toSorted()])),
    );
  });
});

async function listFields(): Promise<ReadonlySet<string>> {
  const account = await connectAccount();
  try {
    const description = await account.connector.describe(account.context);
    if (description.kind !== 'described') throw new Error('It must be described.');
    return new Set(
      Object.entries(description.objects).flatMap(([object, fields]) =>
        fields.flatMap(({ name, type, options }) =>
          type === 'enumeration' && options !== undefined ? [`${object}.${name}`] : [],
        ),
      ),
    );
  } finally {
    await account.stop();
  }
}

function source(conversation: Partial<Conversation>, priority: FollowUp['priority']): MappingSource {
  const whole: Conversation = {
    id: conversationIdSchema.parse('conv_1'),
    tenantId: tenantIdSchema.parse('ten_a'),
    channel: 'voice',
    status: 'completed',
    caller: { number: '(555) 123-4567', name: 'Zoe Example' },
    tags: [],
    raw: {},
    ...conversation,
  };
  return {
    known: { conversation: whole, routing: [], handoff: undefined, messages: undefined, ended: true },
    caller: identifyCaller(whole, 'US'),
    occurredAt: '2026-11-24T22:59:00Z',
    followUp: { dueAt: '2026-11-24T23:14:00Z', priority },
  };
}
