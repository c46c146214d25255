import { z } from 'zod';

const messageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), sentence: z.string().max(2_000) }),
]);

/**
 * What a process tells the one that started it: it does its work now, or it cannot start and why, in a sentence for the
 * terminal.
 */
export type ChildMessage = Readonly<z.infer<typeof messageSchema>>;

/** Does nothing when this process was started by hand. */
export function tellParent(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

/** Reads a message of a child; undefined for anything that is none. */
export function readChildMessage(message: unknown): ChildMessage | undefined {
  const parsed = messageSchema.safeParse(message);
  return parsed.success ? parsed.data : undefined;
}
