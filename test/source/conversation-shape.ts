import { z } from 'zod';

const text = z.string().optional();

/** What a normalised conversation may hold, whatever the source said: the oracle of the normalising tests. */
export const conversationShape = z.strictObject({
  id: z.string().min(1),
  tenantId: z.string().min(1),
  channel: z.string(),
  status: z.string(),
  direction: z.enum(['inbound', 'outbound']).optional(),
  startedAt: z.iso.datetime().optional(),
  endedAt: z.iso.datetime().optional(),
  durationSeconds: z.number().nonnegative().optional(),
  caller: z.strictObject({ number: text, name: text, email: text }),
  businessNumber: text,
  agentId: text,
  summary: text,
  sentiment: text,
  intent: text,
  tags: z.array(z.string()),
  recordingUrl: text,
  language: text,
  raw: z.record(z.string(), z.unknown()),
});
