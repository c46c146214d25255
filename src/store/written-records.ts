import { z } from 'zod';
import type { ConnectionId, ConversationId, TenantId } from '../domain/ids.ts';
import { NOTHING_WRITTEN, type WrittenRecords } from '../domain/plan.ts';
import type { Vault } from './vault.ts';

/** Which row's records these are. */
export interface WrittenRecordsOwner {
  readonly tenantId: TenantId;
  readonly connectionId: ConnectionId;
  readonly conversationId: ConversationId;
}

const refSchema = z.object({ object: z.string(), id: z.string() });
const recordSchema = z.object({
  ref: refSchema,
  fields: z.record(z.string(), z.string()),
  stored: z.record(z.string(), z.string()).optional(),
  linkedTo: refSchema.optional(),
  relatedTo: z.array(refSchema).optional(),
});
/** The border here is time: an earlier version of this program wrote it. */
const writtenSchema = z.object({
  person: refSchema.optional(),
  activity: recordSchema.optional(),
  task: recordSchema.optional(),
  repeatCaller: z.boolean().optional(),
});

/** Sealed, because field values are people's data. Nothing written is stored as null. */
export async function sealWritten(
  vault: Vault,
  owner: WrittenRecordsOwner,
  written: WrittenRecords,
): Promise<Buffer | null> {
  if (written.person === undefined && written.activity === undefined && written.task === undefined) return null;
  return vault.seal(owner.tenantId, contextOf(owner), JSON.stringify(written));
}

export async function openWritten(
  vault: Vault,
  owner: WrittenRecordsOwner,
  sealed: Buffer | null,
): Promise<WrittenRecords> {
  if (sealed === null) return NOTHING_WRITTEN;
  const opened = await vault.open(owner.tenantId, contextOf(owner), sealed);
  const { person, activity, task, repeatCaller } = writtenSchema.parse(JSON.parse(opened.toString()));
  return {
    person,
    activity: withLink(activity),
    task: withLink(task),
    ...(repeatCaller === undefined ? {} : { repeatCaller }),
  };
}

function withLink(record: z.infer<typeof recordSchema> | undefined): WrittenRecords['activity'] {
  if (record === undefined) return undefined;
  const { ref, fields, stored, linkedTo, relatedTo } = record;
  return {
    ref,
    fields,
    linkedTo,
    ...(stored === undefined ? {} : { stored }),
    ...(relatedTo === undefined ? {} : { relatedTo }),
  };
}

function contextOf(owner: WrittenRecordsOwner): string {
  return `written:${owner.connectionId}:${owner.conversationId}`;
}
