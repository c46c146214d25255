import { isJsonObject } from './request-body.ts';

/** A reference that leads nowhere. */
export class DeadReference extends Error {
  constructor(path: string) {
    super(`Invalid reference specified. No value for ${path} found`);
    this.name = 'DeadReference';
  }
}

const whole = /^@\{([^}]+)\}$/;
const any = /@\{([^}]+)\}/g;

/**
 * Puts answers of earlier parts in the place of `@{ref.field}`, at any depth. A value that is nothing but a reference
 * keeps its type. @throws DeadReference for an empty result, a null field or a part that failed.
 */
export function fillReferences(value: unknown, bodies: ReadonlyMap<string, unknown>): unknown {
  if (typeof value === 'string') {
    const only = whole.exec(value)?.[1];
    return only === undefined ? fillText(value, bodies) : resolve(only, bodies);
  }
  if (Array.isArray(value)) return value.map((each) => fillReferences(each, bodies));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillReferences(each, bodies)]));
}

/** As {@link fillReferences} for a text with references inside, such as a URL. */
export function fillText(text: string, bodies: ReadonlyMap<string, unknown>): string {
  return text.replace(any, (_, path: string) => String(resolve(path, bodies)));
}

function resolve(path: string, bodies: ReadonlyMap<string, unknown>): string | number | boolean {
  const [reference = '', ...steps] = path.split(/\.|(?=\[)/);
  let at: unknown = bodies.get(reference);
  for (const step of steps) {
    const position = /^\[(\d+)\]$/.exec(step)?.[1];
    if (position !== undefined) at = Array.isArray(at) ? (at as readonly unknown[])[Number(position)] : undefined;
    else at = isJsonObject(at) ? at[step] : undefined;
  }
  if (typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean') return at;
  throw new DeadReference(path);
}
