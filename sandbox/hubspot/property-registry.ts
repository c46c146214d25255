import { activityTypeNames, allObjectTypes, isActivity, type ObjectType, type ObjectTypeName } from './object-types.ts';
import type { HubSpotSandboxOptions } from './options.ts';
import { fieldTypesOf, type PropertyDefinition, type PropertyGroup } from './property-definition.ts';
import { invalid, notFound, Refusal, type Problem } from './refusal.ts';
import { standardProperties } from './standard-properties.ts';

/** "You can have up to ten unique ID properties per object" (HubSpot's properties guide). */
const maxUniqueProperties = 10;

/** Definitions that somebody made. */
export interface MadeDefinitions {
  readonly properties: readonly { readonly type: ObjectTypeName; readonly property: PropertyDefinition }[];
  readonly groups: readonly { readonly type: ObjectTypeName; readonly group: PropertyGroup }[];
}

/** The property definitions of one account: HubSpot's own and those made through the API. */
export class PropertyRegistry {
  readonly #options: () => HubSpotSandboxOptions;
  readonly #properties = new Map<ObjectTypeName, Map<string, PropertyDefinition>>();
  readonly #groups = new Map<ObjectTypeName, Map<string, PropertyGroup>>();
  readonly #uniqueNames = new Map<ObjectTypeName, readonly string[]>();

  constructor(options: () => HubSpotSandboxOptions) {
    this.#options = options;
    this.reset();
  }

  reset(): void {
    for (const { name: type } of allObjectTypes) {
      const definitions = standardProperties[type];
      this.#properties.set(type, new Map(definitions.map((definition) => [definition.name, definition])));
      const groups = [...new Set(definitions.map((definition) => definition.groupName))];
      this.#groups.set(type, new Map(groups.map((name, displayOrder) => [name, { name, label: name, displayOrder }])));
    }
    this.#uniqueNames.clear();
  }

  list(type: ObjectTypeName): readonly PropertyDefinition[] {
    return [...this.#of(type).values()].map((property) => this.#asSwitched(property));
  }

  find(type: ObjectTypeName, name: string): PropertyDefinition | undefined {
    const property = this.#of(type).get(name);
    return property === undefined ? undefined : this.#asSwitched(property);
  }

  /** Names whose value no two live records share: unique properties, and e-mail on contacts. */
  uniqueNames(type: ObjectTypeName): readonly string[] {
    let names = this.#uniqueNames.get(type);
    if (names === undefined) {
      names = this.list(type)
        .filter((property) => property.hasUniqueValue)
        .map((property) => property.name);
      if (type === 'contacts') names = [...names, 'email'];
      this.#uniqueNames.set(type, names);
    }
    return names;
  }

  /** Refuses an idProperty that does not identify, in HubSpot's words (reported for hs_object_id, domain and others). */
  requireUnique(type: ObjectType, name: string): void {
    const known = this.find(type.name, name);
    if (known !== undefined && this.uniqueNames(type.name).includes(name)) return;
    const portal = this.#options().portalId;
    throw new Refusal(
      invalid(`Unable to perform update/upsert by non-unique ${type.id} property ${name} in portal ID ${portal}`),
    );
  }

  /** Adds a property, or says why it may not be added. */
  create(type: ObjectType, property: PropertyDefinition): Problem | null {
    const problem = this.#whyNotCreate(type, property);
    if (problem === null) {
      this.#of(type.name).set(property.name, property);
      this.#uniqueNames.delete(type.name);
    }
    return problem;
  }

  /** Replaces the parts of a definition that may change; uniqueness may not ("once set, this can't be changed"). */
  update(type: ObjectType, property: PropertyDefinition): void {
    this.#of(type.name).set(property.name, property);
  }

  remove(type: ObjectType, name: string): Problem | null {
    const property = this.find(type.name, name);
    if (property === undefined) return propertyNotFound(name);
    if (property.hubspotDefined) return invalid(`Property ${name} is defined by HubSpot and cannot be archived.`);
    this.#of(type.name).delete(name);
    this.#uniqueNames.delete(type.name);
    return null;
  }

  groups(type: ObjectTypeName): readonly PropertyGroup[] {
    return [...this.#groupsOf(type).values()];
  }

  /** What was made through the API, of all objects. */
  made(): MadeDefinitions {
    return {
      properties: allObjectTypes.flatMap(({ name: type }) =>
        this.list(type).flatMap((property) => (property.hubspotDefined ? [] : [{ type, property }])),
      ),
      groups: allObjectTypes.flatMap(({ name: type }) => this.groups(type).map((group) => ({ type, group }))),
    };
  }

  /** HubSpot's own definitions and these. */
  restore({ properties, groups }: MadeDefinitions): void {
    this.reset();
    for (const { type, group } of groups) this.#groupsOf(type).set(group.name, group);
    for (const { type, property } of properties) this.#of(type).set(property.name, property);
  }

  createGroup(type: ObjectTypeName, group: PropertyGroup): Problem | null {
    if (this.#groupsOf(type).has(group.name)) {
      return {
        status: 409,
        category: 'OBJECT_ALREADY_EXISTS',
        message: `A property group named '${group.name}' already exists.`,
      };
    }
    this.#groupsOf(type).set(group.name, group);
    return null;
  }

  #whyNotCreate(type: ObjectType, property: PropertyDefinition): Problem | null {
    const { name, groupName, fieldType } = property;
    if (this.#of(type.name).has(name)) {
      return {
        status: 409,
        category: 'OBJECT_ALREADY_EXISTS',
        message: `A property named '${name}' already exists.`,
      };
    }
    if (!/^[a-z][a-z0-9_]{0,99}$/.test(name) || name.startsWith('hs_')) {
      return invalid(`Property name '${name}' is not allowed: lower-case letters, digits and underscores, not hs_.`);
    }
    if (!this.#groupsOf(type.name).has(groupName)) return invalid(`Property group '${groupName}' does not exist.`);
    if (!fieldTypesOf[property.type].includes(fieldType)) {
      return invalid(`Field type '${fieldType}' does not fit property type '${property.type}'.`);
    }
    return property.hasUniqueValue ? this.#whyNotUnique(type, property) : null;
  }

  #whyNotUnique(type: ObjectType, property: PropertyDefinition): Problem | null {
    if (property.type !== 'string' && property.type !== 'number') {
      return invalid(`A property of type '${property.type}' cannot have unique values.`);
    }
    if (isActivity(type.name) && !this.#options().uniquePropertiesOnActivities) {
      return invalid(`Properties with unique values are not supported for ${activityTypeNames.join(', ')}.`);
    }
    const custom = this.list(type.name).filter((known) => known.hasUniqueValue && !known.hubspotDefined);
    if (custom.length < maxUniqueProperties) return null;
    return invalid(`The limit of ${maxUniqueProperties} properties with unique values is reached.`);
  }

  /** Who may set the marketing status differs from account to account. */
  #asSwitched(property: PropertyDefinition): PropertyDefinition {
    if (property.name !== 'hs_marketable_status') return property;
    return { ...property, readOnlyValue: this.#options().marketingStatusOnWrite === 'reject' };
  }

  #of(type: ObjectTypeName): Map<string, PropertyDefinition> {
    return getOrMake(this.#properties, type);
  }

  #groupsOf(type: ObjectTypeName): Map<string, PropertyGroup> {
    return getOrMake(this.#groups, type);
  }
}

export function propertyNotFound(name: string): Problem {
  return notFound(`Property ${name} does not exist`, { propertyName: [name] });
}

function getOrMake<V>(maps: Map<ObjectTypeName, Map<string, V>>, type: ObjectTypeName): Map<string, V> {
  let found = maps.get(type);
  if (found === undefined) {
    found = new Map();
    maps.set(type, found);
  }
  return found;
}
