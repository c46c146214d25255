import type { Finding } from '../../src/domain/crm.ts';
import type { ListedProperty } from './answers.ts';
import { isWritable, REQUIRED } from './describe.ts';
import { optionOf } from './fit-options.ts';
import { KEY_PROPERTIES, PROPERTY_GROUP, type KeyProperty, type WrittenObject } from './properties.ts';

/** Custom properties with unique values an object may have (HubSpot's properties guide). */
const MOST_UNIQUE = 10;

/**
 * Options of HubSpot's own fields that the default mapping writes, by value or, for the outcomes of calls, by label. An
 * account can hide, rename or remove them.
 */
export const WRITTEN_OPTIONS: Readonly<Record<WrittenObject, Readonly<Record<string, readonly string[]>>>> = {
  contacts: {},
  calls: {
    hs_call_status: ['IN_PROGRESS', 'COMPLETED', 'NO_ANSWER', 'CANCELED', 'FAILED', 'BUSY'],
    hs_call_direction: ['INBOUND', 'OUTBOUND'],
    hs_call_disposition: ['Connected', 'No answer', 'Left voicemail', 'Busy', 'Wrong number'],
  },
  communications: {
    hs_communication_channel_type: ['SMS', 'WHATS_APP'],
    hs_communication_logged_from: ['CRM'],
  },
  notes: {},
  tasks: {
    // Tasks are made as the first and end as the second.
    hs_task_status: ['NOT_STARTED', 'COMPLETED'],
    hs_task_priority: ['LOW', 'MEDIUM', 'HIGH'],
    hs_task_type: ['CALL'],
  },
};

/**
 * Whether an object's definitions are as writing needs them.
 *
 * @param unkeyed true when it is known that the object cannot have our property
 */
export function checkProperties(
  object: WrittenObject,
  listed: readonly ListedProperty[],
  unkeyed: boolean,
): readonly Finding[] {
  const key = KEY_PROPERTIES[object];
  const present = listed.find(({ name }) => name === key.name);
  return [
    ...(unkeyed ? [] : checkKey(key, present, listed)),
    ...(present === undefined ? [] : checkGroup(key, present)),
    ...checkOptions(object, listed),
    ...(object === 'calls' ? listDispositions(listed) : []),
  ];
}

function checkKey(
  key: KeyProperty,
  present: ListedProperty | undefined,
  listed: readonly ListedProperty[],
): readonly Finding[] {
  const name = `${key.object}.${key.name}`;
  const used = listed.filter(({ hasUniqueValue, hubspotDefined }) => hasUniqueValue && !hubspotDefined).length;
  const usedOf = `${key.object} have ${used} of at most ${MOST_UNIQUE} custom properties with unique values`;
  if (present?.hasUniqueValue === true) {
    const what = `${name} is there, and its values are unique; ${usedOf}.`;
    return [{ severity: 'ok', code: 'key_property', what, fix: '', fixable: false }];
  }
  if (present !== undefined) {
    return [
      error(
        'key_property_not_unique',
        `${name} is there, and its values are not unique; HubSpot fixes that when a property is made.`,
        `A super admin: Settings > Properties, archive and delete ${key.label} of ${key.object}; then run doctor --fix.`,
      ),
    ];
  }
  if (used < MOST_UNIQUE) {
    const fix = 'Run doctor --fix: it creates the property. It needs the scope crm.schemas.contacts.write.';
    return [{ ...error('key_property_missing', `${name} is missing.`, fix), fixable: true }];
  }
  return [
    error(
      'unique_property_limit',
      `${name} is missing and cannot be made: ${usedOf}.`,
      `A super admin: Settings > Properties, archive and delete a property with unique values of ${key.object}; then run doctor --fix.`,
    ),
  ];
}

/** A property in another group works as well; people look for it where the others are. */
function checkGroup(key: KeyProperty, { groupName }: ListedProperty): readonly Finding[] {
  if (groupName === PROPERTY_GROUP.name) return [];
  return [
    {
      severity: 'warning',
      code: 'property_group_differs',
      what: `${key.object}.${key.name} is not in the property group ${PROPERTY_GROUP.label}.`,
      fix: `A super admin: Settings > Properties, move it to the group ${PROPERTY_GROUP.label}. Nothing else depends on it.`,
      fixable: false,
    },
  ];
}

function checkOptions(object: WrittenObject, listed: readonly ListedProperty[]): readonly Finding[] {
  return Object.entries(WRITTEN_OPTIONS[object]).flatMap(([field, values]) => {
    const property = listed.find(({ name }) => name === field);
    if (property === undefined || !isWritable(property)) {
      const fix = `A super admin: Settings > Properties shows ${field} of ${object}; or leave it out of the mapping.`;
      return [error('field_not_writable', `${object}.${field} is missing, hidden or read-only.`, fix)];
    }
    const missing = values.filter((value) => optionOf(property, value) === undefined);
    if (missing.length === 0) return [];
    const fix = `A super admin: Settings > Properties, add the options to ${field} of ${object}; or map ${field} to values that are there.`;
    const finding = error('option_missing', `${object}.${field} has no option ${missing.join(', ')}.`, fix);
    // A record that can do without the field is written without it.
    return [REQUIRED[object].includes(field) ? finding : { ...finding, severity: 'warning' }];
  });
}

/** The outcomes a call may have: they are the account's own, and a mapping names them as they are shown here. */
function listDispositions(listed: readonly ListedProperty[]): readonly Finding[] {
  const property = listed.find(({ name }) => name === 'hs_call_disposition');
  const labels = (property?.options ?? []).flatMap(({ label, hidden }) => (hidden ? [] : [label]));
  const what = `A mapping may give a call these outcomes (hs_call_disposition): ${labels.join(', ')}.`;
  return labels.length === 0 ? [] : [{ severity: 'ok', code: 'call_outcomes', what, fix: '', fixable: false }];
}

function error(code: string, what: string, fix: string): Finding {
  return { severity: 'error', code, what, fix, fixable: false };
}
