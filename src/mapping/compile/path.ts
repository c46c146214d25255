import { closestWord } from '../../domain/document-keys.ts';
import type { DocumentPath } from '../../domain/document-path.ts';
import { SOURCE_FIELDS, SOURCE_GROUPS, sourceField, sourceGroup } from '../source/catalogue.ts';
import { isRawPath, readRaw } from '../source/raw.ts';
import { ofType } from '../transforms/rule.ts';
import type { CompiledValue, Compiling } from './value.ts';

/** Fields that every conversation has a value for. */
const ALWAYS: ReadonlySet<string> = new Set([
  'conversation.id',
  'conversation.channel',
  'conversation.status',
  'computed.kind',
  'computed.occurredAt',
  'computed.outcome',
  'computed.outbound',
  'computed.callerLabel',
  'caller.identified',
  'caller.withheld',
  'routing.count',
  'handoff.requested',
]);

/** A value by its path. */
export function compilePath(
  source: string,
  path: DocumentPath,
  { report, certain }: Compiling,
): CompiledValue | undefined {
  const reads = new Set([sourceGroup(source)]);
  const field = sourceField(source);
  if (field !== undefined) {
    const shape = { ...ofType(field.type, LENGTHS[source]), always: ALWAYS.has(source) || certain.has(source) };
    return { shape, reads, read: (run) => field.read(run.source) };
  }
  if (isRawPath(source)) {
    const read = readRaw(source);
    return { shape: ofType('any'), reads, read: (run) => read(run.source) };
  }
  report.problem(path, `\`${source}\` is nothing that a conversation has`, suggestion(source));
  return undefined;
}

/** The most characters of fields that are normalised: an id, a number in E.164, an address (RFC 5321). */
const LENGTHS: Readonly<Record<string, number>> = {
  'conversation.id': 128,
  'caller.phone': 16,
  'caller.phoneNational': 15,
  'caller.email': 254,
  'caller.identity': 254,
  'computed.kind': 'text_message'.length,
  'conversation.direction': 'outbound'.length,
};

function suggestion(source: string): string {
  const meant = closestWord(
    source,
    SOURCE_FIELDS.map(({ path }) => path),
  );
  if (meant !== undefined) return `did you mean \`${meant}\`?`;
  const group = sourceGroup(source);
  const inGroup = SOURCE_FIELDS.filter(({ path }) => sourceGroup(path) === group).map(({ path }) => path);
  if (inGroup.length > 0) return `known there: ${inGroup.join(', ')}`;
  const meantGroup = closestWord(group, [...SOURCE_GROUPS, 'raw']);
  return meantGroup === undefined
    ? `a path begins with one of ${SOURCE_GROUPS.join(', ')}; other fields of PersonaDesk are under \`raw.\``
    : `did you mean \`${meantGroup}.\`?`;
}
