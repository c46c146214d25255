import type { ObjectTypeName } from './object-types.ts';

/** One kind of link in one direction. */
export interface AssociationType {
  readonly id: number;
  readonly from: ObjectTypeName;
  readonly to: ObjectTypeName;
  readonly label: string | null;
  /** The same link seen from the other end. */
  readonly inverseId: number;
  /** The kind `associate/default` makes. */
  readonly isDefault: boolean;
}

type Pair = readonly [ObjectTypeName, ObjectTypeName, there: number, back: number, label?: 'Primary'];

/** HubSpot-defined kinds (associations guide and the official client's constants). Direction matters. */
const pairs: readonly Pair[] = [
  ['calls', 'contacts', 194, 193],
  ['calls', 'companies', 182, 181],
  ['calls', 'deals', 206, 205],
  ['calls', 'tickets', 220, 219],
  ['tasks', 'contacts', 204, 203],
  ['tasks', 'companies', 192, 191],
  ['tasks', 'deals', 216, 215],
  ['tasks', 'tickets', 230, 229],
  ['notes', 'contacts', 202, 201],
  ['notes', 'companies', 190, 189],
  ['notes', 'deals', 214, 213],
  ['notes', 'tickets', 228, 227],
  ['communications', 'contacts', 81, 82],
  ['communications', 'companies', 87, 88],
  ['communications', 'deals', 85, 86],
  ['communications', 'tickets', 83, 84],
  ['contacts', 'companies', 279, 280],
  ['contacts', 'companies', 1, 2, 'Primary'],
  ['contacts', 'deals', 4, 3],
  ['contacts', 'tickets', 15, 16],
  ['deals', 'companies', 341, 342],
  ['deals', 'companies', 5, 6, 'Primary'],
  ['deals', 'tickets', 27, 28],
  ['tickets', 'companies', 339, 340],
  ['tickets', 'companies', 26, 25, 'Primary'],
];

const associationTypes: readonly AssociationType[] = pairs.flatMap(([from, to, there, back, label]) => {
  const common = { label: label ?? null, isDefault: label === undefined };
  return [
    { ...common, id: there, from, to, inverseId: back },
    { ...common, id: back, from: to, to: from, inverseId: there },
  ];
});

const byId = new Map(associationTypes.map((type) => [type.id, type]));

const defaults = new Map(
  associationTypes.filter((type) => type.isDefault).map((type) => [`${type.from} ${type.to}`, type]),
);

const primaries = new Map(
  associationTypes.filter((type) => !type.isDefault).map((type) => [`${type.from} ${type.to}`, type]),
);

export function associationTypeById(id: number): AssociationType | null {
  return byId.get(id) ?? null;
}

/** The unlabelled kind between two objects; null when HubSpot knows no link between them. */
export function defaultAssociationType(from: ObjectTypeName, to: ObjectTypeName): AssociationType | null {
  return defaults.get(`${from} ${to}`) ?? null;
}

/** The kind that marks a record's main company; null for other pairs of objects. */
export function primaryAssociationType(from: ObjectTypeName, to: ObjectTypeName): AssociationType | null {
  return primaries.get(`${from} ${to}`) ?? null;
}
