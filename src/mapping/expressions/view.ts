import type { MappingSource } from '../mapping.ts';
import { fieldsOfGroup, SOURCE_GROUPS } from '../source/catalogue.ts';
import { presentText, type SourceField } from '../source/field.ts';
import { ENTRIES, ENTRY_TEXT, FIELD_TEXT, MESSAGE_TEXT, RAW_DEPTH, RAW_TOTAL } from './bound.ts';

/** The CEL type of each field's type. */
const CEL_TYPES: Readonly<Record<SourceField['type'], string>> = {
  text: 'string',
  instant: 'string',
  number: 'double',
  boolean: 'bool',
  list: 'list<string>',
};

/** A message as expressions see it. */
export class CelMessage {
  readonly role: string;
  readonly text: string;
  constructor(role: string, text: string) {
    this.role = presentText(role, ENTRY_TEXT) ?? '';
    this.text = presentText(text, MESSAGE_TEXT) ?? '';
  }
}

/** One group of fields as a CEL type. */
export interface GroupType {
  readonly name: string;
  readonly ctor: new (source: MappingSource) => object;
  /** Field to CEL type. */
  readonly fields: Readonly<Record<string, string>>;
}

/** The groups of the source as classes whose fields are read when they are asked for. */
export const GROUP_TYPES: readonly GroupType[] = SOURCE_GROUPS.map((group) => {
  const fields = fieldsOfGroup(group);
  const types = Object.fromEntries(fields.map(({ name, field }) => [name, CEL_TYPES[field.type]]));
  const readers = fields.map(({ name, field }) => ({ name, read: (source: MappingSource) => toCel(field, source) }));
  return group === 'messages'
    ? {
        name: group,
        ctor: classOf([...readers, { name: 'all', read: allMessages }]),
        fields: { ...types, all: 'list<Message>' },
      }
    : { name: group, ctor: classOf(readers), fields: types };
});

/** What an expression is evaluated on: nothing else can be reached from it. */
export function celView(source: MappingSource): Readonly<Record<string, unknown>> {
  const groups = GROUP_TYPES.map(({ name, ctor }) => [name, new ctor(source)] as const);
  let raw: unknown;
  return Object.defineProperty(Object.fromEntries(groups), 'raw', {
    get: () => (raw ??= limited(source.known.conversation.raw)),
  });
}

function classOf(readers: readonly { readonly name: string; readonly read: (source: MappingSource) => unknown }[]) {
  class Group {
    readonly source: MappingSource;
    constructor(source: MappingSource) {
      this.source = source;
    }
  }
  for (const { name, read } of readers) {
    Object.defineProperty(Group.prototype, name, {
      get(this: Group) {
        return read(this.source);
      },
    });
  }
  return Group;
}

/** A text or list that is not there is empty, so that it can be compared; a number or yes/no that is not there is absent. */
function toCel(field: SourceField, source: MappingSource): unknown {
  switch (field.type) {
    case 'text':
    case 'instant':
      return field.read(source, { characters: FIELD_TEXT, entries: ENTRIES }) ?? '';
    case 'list':
      return field.read(source, { characters: ENTRY_TEXT, entries: ENTRIES }) ?? [];
    case 'number':
    case 'boolean':
      return field.read(source);
  }
}

function allMessages({ known }: MappingSource): readonly CelMessage[] {
  return (known.messages ?? []).slice(-ENTRIES).map(({ role, text }) => new CelMessage(role, text));
}

/** JSON within the bounds that costs are reckoned with. */
function limited(raw: Readonly<Record<string, unknown>>): unknown {
  let room = RAW_TOTAL;
  const copy = (json: unknown, depth: number): unknown => {
    room -= 1;
    if (typeof json === 'string') {
      const text = presentText(json, Math.max(0, Math.min(MESSAGE_TEXT, room))) ?? '';
      room -= text.length;
      return text;
    }
    if (typeof json !== 'object' || json === null) return json;
    if (depth === 0 || room <= 0) return Array.isArray(json) ? [] : {};
    if (Array.isArray(json)) return json.slice(0, ENTRIES).map((entry) => copy(entry, depth - 1));
    return Object.fromEntries(
      Object.entries(json)
        .slice(0, ENTRIES)
        .map(([key, entry]) => [key, copy(entry, depth - 1)]),
    );
  };
  return copy(raw, RAW_DEPTH);
}
