import { z } from 'zod';
import type { RecordRef } from '../../src/domain/crm.ts';

const recordSchema = z.object({ attributes: z.object({ type: z.string() }), Id: z.string() });

const resultSchema = z.object({
  matchResults: z.array(z.object({ matchRecords: z.array(z.object({ record: recordSchema })).catch([]) })).catch([]),
});

/** Two answers that were quoted by those who got them have the name misspelt. */
const errorSchema = z.object({
  duplicateResult: resultSchema.optional().catch(undefined),
  duplicateResut: resultSchema.optional().catch(undefined),
});

/**
 * The records that a duplicate rule names in its refusal (Salesforce's REST guide, DuplicateResult): kind and id, each
 * once.
 */
export function readDuplicates(errors: readonly unknown[]): readonly RecordRef[] {
  const records = errors.flatMap((error) => {
    const parsed = errorSchema.safeParse(error);
    const result = parsed.success ? (parsed.data.duplicateResult ?? parsed.data.duplicateResut) : undefined;
    return result?.matchResults.flatMap(({ matchRecords }) => matchRecords.map(({ record }) => record)) ?? [];
  });
  const byId = new Map(records.map(({ Id: id, attributes }) => [id, { object: attributes.type, id }]));
  return [...byId.values()];
}
