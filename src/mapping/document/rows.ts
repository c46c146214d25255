import type { ActivityKind } from '../../domain/crm.ts';
import type { DocumentPath } from '../../domain/document-path.ts';
import type { MappingDocument, MappingRow } from './schema.ts';

/** What a list of rows is written for. */
export type MappedObject = 'person' | ActivityKind | 'task';

/** One object's rows, and where they stand in the document. */
export interface RowList {
  readonly object: MappedObject;
  readonly path: DocumentPath;
  readonly rows: readonly MappingRow[];
}

/** All lists of rows of a document. */
export function rowLists({ person, activities, task }: MappingDocument): readonly RowList[] {
  return [
    { object: 'person', path: ['person'], rows: person },
    { object: 'call', path: ['activities', 'call'], rows: activities.call },
    { object: 'text_message', path: ['activities', 'text_message'], rows: activities.text_message },
    { object: 'chat', path: ['activities', 'chat'], rows: activities.chat },
    { object: 'task', path: ['task'], rows: task },
  ];
}
