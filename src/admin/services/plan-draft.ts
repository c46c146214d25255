import type { PreviewDependencies } from '../../delivery/preview.ts';
import type { Connection } from '../../domain/connection.ts';
import type { CrmKind, Description } from '../../domain/crm.ts';
import { pathOfText } from '../../domain/document-path.ts';
import { compileMapping } from '../../mapping/compile/mapping.ts';
import { parseMappingDocument } from '../../mapping/document/parse.ts';
import type { MappingProblem, MappingWarning } from '../../mapping/document/problem.ts';
import { mappingVersion } from '../../mapping/document/version.ts';
import type { Mapping } from '../../mapping/mapping.ts';
import { validateMapping } from '../../mapping/validate/validate-mapping.ts';
import type { ConfigurationProblem } from './configuration-problem.ts';
import { readYaml, type LineOf } from './read-yaml.ts';

/** A file that has the form of a mapping document, or everything that is wrong with its form. */
export type DraftForm =
  | { readonly kind: 'read'; readonly crm: CrmKind; readonly value: unknown; readonly lineOf: LineOf }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigurationProblem[] };

/** A draft as it may be tried at a connection, or everything that keeps it from being used there. */
export type Draft =
  | { readonly kind: 'valid'; readonly mapping: Mapping; readonly warnings: readonly MappingWarning[] }
  | { readonly kind: 'invalid'; readonly problems: readonly ConfigurationProblem[] };

/** Reads the text of a mapping document, YAML or JSON. Pure. */
export function readDraftForm(text: string): DraftForm {
  const read = readYaml(text);
  if (read.kind === 'invalid') return read;
  const parsed = parseMappingDocument(read.value);
  if (parsed.kind === 'invalid') return invalid(parsed.problems, read.lineOf);
  return { ...read, crm: parsed.document.crm };
}

/** Validates a document for a connection and its account. Pure. */
export function validateDraft(
  { value, lineOf }: Extract<DraftForm, { kind: 'read' }>,
  crm: CrmKind,
  description: Description,
): Draft {
  const { document, problems, warnings } = validateMapping(value, crm, description);
  if (document === undefined || problems.length > 0) return invalid(problems, lineOf);
  const compiled = compileMapping(document, mappingVersion(document.name, value));
  if (compiled.kind === 'refused') return invalid(compiled.problems, lineOf);
  return { kind: 'valid', mapping: compiled.mapping, warnings };
}

/** The live schema of the account. Rejects only for our database. */
export async function describeAccount(
  connection: Connection,
  { connectorFor, budgetFor }: Pick<PreviewDependencies, 'connectorFor' | 'budgetFor'>,
  signal: AbortSignal,
): Promise<Description> {
  const connector = connectorFor(connection);
  const budget = await budgetFor(connection);
  try {
    return await connector.describe({ signal, gate: budget.gate, looksOnly: true });
  } finally {
    await budget.settle({ trafficClass: 'live', conversations: 0, readings: connector.quota() });
  }
}

function invalid(problems: readonly MappingProblem[], lineOf: LineOf): Extract<Draft, { kind: 'invalid' }> {
  return {
    kind: 'invalid',
    problems: problems.map(({ path, message, fix }) => ({
      path,
      line: lineOf(pathOfText(path)),
      problem: message,
      fix,
    })),
  };
}
