import type { MappingSource } from '../mapping.ts';
import { cleanText, truncate } from '../text.ts';
import type { Value, ValueType } from './value.ts';

/** What of a conversation's content a value holds; only where the content policy lets that go does it have a value. */
type ContentPart = 'summary' | 'transcript' | 'recording';

/** How much of a value is looked at where its length costs time. */
export interface ReadLimit {
  readonly characters: number;
  readonly entries: number;
}

/** One value that a mapping may read. */
export interface SourceField {
  /** `conversation.summary`. */
  readonly path: string;
  readonly type: Exclude<ValueType, 'html' | 'day' | 'any'>;
  readonly description: string;
  readonly example: string;
  readonly content?: ContentPart | undefined;
  /** Undefined when there is none; texts are clean and never empty. */
  readonly read: (source: MappingSource, limit?: ReadLimit) => Value | undefined;
}

type Description = Pick<SourceField, 'path' | 'description' | 'example' | 'content'>;

/** A field of text. */
export function textField(
  about: Description,
  read: (source: MappingSource, limit?: ReadLimit) => string | undefined,
): SourceField {
  return { ...about, type: 'text', read: (source, limit) => presentText(read(source, limit), limit?.characters) };
}

/** A field of ISO 8601 instants. */
export function instantField(about: Description, read: (source: MappingSource) => string | undefined): SourceField {
  return { ...about, type: 'instant', read: (source) => presentText(read(source)) };
}

/** A field of numbers. */
export function numberField(about: Description, read: (source: MappingSource) => number | undefined): SourceField {
  return { ...about, type: 'number', read };
}

/** A field of yes or no. */
export function booleanField(about: Description, read: (source: MappingSource) => boolean | undefined): SourceField {
  return { ...about, type: 'boolean', read };
}

/** A field of several texts. */
export function listField(about: Description, read: (source: MappingSource) => readonly string[]): SourceField {
  return {
    ...about,
    type: 'list',
    read: (source, limit) => {
      const texts = read(source).slice(0, limit?.entries);
      const present = texts.flatMap((text) => presentText(text, limit?.characters) ?? []);
      return present.length === 0 ? undefined : present;
    },
  };
}

/** Text as it may leave; undefined for none, and for one that says nothing. */
export function presentText(text: string | undefined, limit?: number): string | undefined {
  if (text === undefined) return undefined;
  const clean = cleanText(limit === undefined ? text : truncate(text, limit, ''));
  return clean === '' ? undefined : clean;
}
