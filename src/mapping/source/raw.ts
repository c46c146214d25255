import type { MappingSource } from '../mapping.ts';
import { presentText } from './field.ts';
import type { Value } from './value.ts';

/** `raw.some_field.inner`: names of fields the way the source wrote them. */
const RAW_PATH = /^raw(\.[A-Za-z0-9_-]{1,100}){1,8}$/;

/** Whether a path leads to a field that has no name here. */
export function isRawPath(path: string): boolean {
  return RAW_PATH.test(path);
}

/** Reads a field we have no name for. Blocks and mixed lists are no values. */
export function readRaw(path: string): (source: MappingSource) => Value | undefined {
  const [, ...keys] = path.split('.');
  return ({ known }) => toValue(keys.reduce<unknown>(member, known.conversation.raw));
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, key))
    return undefined;
  return Reflect.get(value, key);
}

function toValue(json: unknown): Value | undefined {
  if (typeof json === 'string') return presentText(json);
  if (typeof json === 'number') return Number.isFinite(json) ? json : undefined;
  if (typeof json === 'boolean') return json;
  return Array.isArray(json) ? toList(json) : undefined;
}

function toList(items: readonly unknown[]): readonly string[] | undefined {
  if (!items.every((item) => typeof item === 'string' || typeof item === 'number')) return undefined;
  const texts = items.flatMap((item) => presentText(String(item)) ?? []);
  return texts.length === 0 ? undefined : texts;
}
