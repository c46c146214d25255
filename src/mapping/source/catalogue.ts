import { computedFields } from './computed-fields.ts';
import { conversationFields } from './conversation-fields.ts';
import { handoffFields, routingFields, taskFields } from './event-fields.ts';
import type { SourceField } from './field.ts';
import { lastMessagesField, messageFields } from './message-fields.ts';
import { agentFields, callerFields } from './people-fields.ts';

/** Everything a mapping may read by name, in the order in which it is shown. `raw.*` and `messages.lastN` come beside it. */
export const SOURCE_FIELDS: readonly SourceField[] = [
  ...conversationFields,
  ...callerFields,
  ...agentFields,
  ...messageFields,
  ...routingFields,
  ...handoffFields,
  ...taskFields,
  ...computedFields,
];

const BY_PATH: ReadonlyMap<string, SourceField> = new Map(SOURCE_FIELDS.map((field) => [field.path, field]));

/** The field of a path; undefined for paths that are none. */
export function sourceField(path: string): SourceField | undefined {
  return BY_PATH.get(path) ?? lastMessagesField(path);
}

/** What stands before the first point of a path. */
export function sourceGroup(path: string): string {
  return path.split('.', 1)[0] ?? '';
}

/** The fields of a group, by the name that follows its point. */
export function fieldsOfGroup(group: string): readonly { readonly name: string; readonly field: SourceField }[] {
  return SOURCE_FIELDS.filter(({ path }) => sourceGroup(path) === group).map((field) => ({
    name: field.path.slice(group.length + 1),
    field,
  }));
}

/** The groups, without `raw`. */
export const SOURCE_GROUPS: readonly string[] = [...new Set(SOURCE_FIELDS.map(({ path }) => sourceGroup(path)))];
