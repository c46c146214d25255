import { compileMapping } from '../../src/mapping/compile/mapping.ts';
import { parseMappingDocument } from '../../src/mapping/document/parse.ts';
import type { MappingDocumentInput } from '../../src/mapping/document/schema.ts';
import { evaluate, type Mapping, type MappingSource } from '../../src/mapping/mapping.ts';
import { sourceOf } from './generated-sources.ts';

export type RowInput = MappingDocumentInput['person'][number];

/** A document that has these rows for calls, and nothing else. */
export function documentWith(...call: readonly RowInput[]): MappingDocumentInput {
  return {
    version: 1,
    crm: 'hubspot',
    name: 'test',
    person: [],
    activities: { call: [...call], text_message: [], chat: [] },
    task: [],
  };
}

/** The mapping of a document that must be right. */
export function mappingOf(document: unknown): Mapping {
  const parsed = parseMappingDocument(document);
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.problems));
  const compiled = compileMapping(parsed.document, 'test-1');
  if (compiled.kind === 'refused') throw new Error(JSON.stringify(compiled.problems));
  return compiled.mapping;
}

/** What one row writes into a call, and what it remarks. */
export function written(
  row: Omit<RowInput, 'field' | 'mode'>,
  source: MappingSource = sourceOf(),
): { readonly value: string | undefined; readonly remarks: readonly string[] } {
  const mapping = mappingOf(documentWith({ field: 'a_field', mode: 'overwrite', ...row }));
  return { value: evaluate(mapping.activity('call'), source)[0]?.value, remarks: mapping.warnings(source) };
}
