import { associationTypeById, defaultAssociationType, type AssociationType } from './association-types.ts';
import type { ObjectTypeName } from './object-types.ts';

/** One end of a link. */
export interface RecordKey {
  readonly type: ObjectTypeName;
  readonly id: string;
}

export interface Link {
  readonly to: RecordKey;
  readonly types: readonly AssociationType[];
}

/** A link from one of its ends. */
export interface StoredLink {
  readonly from: RecordKey;
  readonly to: RecordKey;
  readonly typeIds: readonly number[];
}

/** Which records are linked, and how. Every link is kept from both ends. */
export class AssociationStore {
  readonly #links = new Map<string, Map<string, Set<number>>>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  reset(): void {
    this.#links.clear();
  }

  /** Links two records; doing it again changes nothing. A labelled link is an unlabelled one as well. */
  link(from: RecordKey, to: RecordKey, type: AssociationType): void {
    if (type.label === 'Primary') this.#dropPrimary(from, to.type);
    const plain = defaultAssociationType(type.from, type.to);
    for (const each of plain === null || plain === type ? [type] : [plain, type]) {
      this.#add(from, to, each.id);
      this.#add(to, from, each.inverseId);
    }
    this.#changed();
  }

  /** Removes every link between two records. */
  unlink(from: RecordKey, to: RecordKey): void {
    this.#links.get(keyOf(from))?.delete(keyOf(to));
    this.#links.get(keyOf(to))?.delete(keyOf(from));
    this.#changed();
  }

  /** Removes every link of a record, as archiving it does. */
  unlinkAll(record: RecordKey): void {
    for (const link of this.linksOf(record)) this.unlink(record, link.to);
  }

  /** The record's links, to one object or to all, in the order they were made. */
  linksOf(record: RecordKey, toType?: ObjectTypeName): readonly Link[] {
    const links: Link[] = [];
    for (const [key, typeIds] of this.#links.get(keyOf(record)) ?? []) {
      const to = parseKey(key);
      if (toType !== undefined && to.type !== toType) continue;
      links.push({ to, types: [...typeIds].flatMap((id) => associationTypeById(id) ?? []) });
    }
    return links;
  }

  /** Every link from either end, as it can be kept in a file. */
  all(): readonly StoredLink[] {
    return [...this.#links].flatMap(([from, links]) =>
      [...links].map(([to, typeIds]) => ({ from: parseKey(from), to: parseKey(to), typeIds: [...typeIds] })),
    );
  }

  restore(links: readonly StoredLink[]): void {
    this.reset();
    for (const { from, to, typeIds } of links) for (const id of typeIds) this.#add(from, to, id);
    this.#changed();
  }

  /** Gives all links of one record to another of the same object. */
  moveAll(from: RecordKey, to: RecordKey): void {
    for (const link of this.linksOf(from)) {
      for (const type of link.types) this.link(to, link.to, type);
      this.unlink(from, link.to);
    }
  }

  /** A record has one primary company: naming another one silently moves the mark. */
  #dropPrimary(from: RecordKey, toType: ObjectTypeName): void {
    for (const link of this.linksOf(from, toType)) {
      for (const type of link.types.filter((each) => each.label === 'Primary')) {
        this.#links.get(keyOf(from))?.get(keyOf(link.to))?.delete(type.id);
        this.#links.get(keyOf(link.to))?.get(keyOf(from))?.delete(type.inverseId);
      }
    }
  }

  #add(from: RecordKey, to: RecordKey, typeId: number): void {
    let links = this.#links.get(keyOf(from));
    if (links === undefined) this.#links.set(keyOf(from), (links = new Map<string, Set<number>>()));
    const typeIds = links.get(keyOf(to));
    if (typeIds === undefined) links.set(keyOf(to), new Set([typeId]));
    else typeIds.add(typeId);
  }
}

const keyOf = (record: RecordKey): string => `${record.type} ${record.id}`;

function parseKey(key: string): RecordKey {
  const [type, id] = key.split(' ');
  // Keys are made by keyOf only, so the first part is an object's name.
  return { type: type as ObjectTypeName, id: id ?? '' };
}
