import type { PropertyDefinition } from './property-definition.ts';

/** A property's value as it would be stored, or HubSpot's error code and words for it. */
export type CheckedValue =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** "A property of type string holds up to 65,536 characters" (HubSpot's properties guide). */
const maxStringLength = 65_536;

/** Checks one value by its type and puts it into the form HubSpot stores; an empty string clears any property. */
export function checkValue(property: PropertyDefinition, raw: string, isOwner: (id: string) => boolean): CheckedValue {
  if (raw === '') return stored('');
  // Since April 2025 non-string values are no longer trimmed before they are validated (HubSpot's changelog).
  switch (property.type) {
    case 'string':
    case 'phone_number':
      return checkText(property, raw);
    case 'number':
      return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(raw)
        ? stored(raw)
        : refused('INVALID_INTEGER', `${raw} was not a valid number`);
    case 'bool':
      return /^(true|false)$/i.test(raw) ? stored(raw.toLowerCase()) : notAnOption(property, raw);
    case 'date':
      return checkDate(raw);
    case 'datetime':
      return checkDateTime(raw);
    case 'enumeration':
      return checkOption(property, raw, isOwner);
  }
}

/** Unix milliseconds of a date or datetime value, in any form HubSpot takes (milliseconds or ISO 8601); null if neither. */
export function instantOf(raw: string): number | null {
  if (/^-?\d{1,16}$/.test(raw)) return Number(raw);
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(raw)) return null;
  const instant = Date.parse(/T.*(Z|[+-]\d{2}:?\d{2})$/.test(raw) || !raw.includes('T') ? raw : `${raw}Z`);
  return Number.isNaN(instant) ? null : instant;
}

function checkText(property: PropertyDefinition, raw: string): CheckedValue {
  if (raw.length > maxStringLength) {
    return refused('INVALID_LENGTH', `The value is longer than ${maxStringLength} characters`);
  }
  if (property.name === 'hs_call_recording_url' && !/^https:\/\/[^\s/]+/.test(raw)) {
    return refused('INVALID_URL', 'The recording URL must be an HTTPS URL');
  }
  if (property.name === 'email') return checkEmail(raw);
  return stored(raw);
}

/** E-mails are stored in lower case (recorded). */
function checkEmail(raw: string): CheckedValue {
  const plausible = /^[^\s@<>(),;:"]+@[^\s@.]+(\.[^\s@.]+)+$/.test(raw);
  return plausible ? stored(raw.toLowerCase()) : refused('INVALID_EMAIL', `Email address ${raw} is invalid`);
}

function checkDate(raw: string): CheckedValue {
  const instant = instantOf(raw);
  if (instant === null || Math.abs(instant) > 8.64e15) return refused('INVALID_DATE', `${raw} was not a valid date.`);
  const iso = new Date(instant).toISOString();
  if (instant % 86_400_000 !== 0) {
    return refused('INVALID_DATE', `${raw} is at ${iso.slice(11, 19)} UTC, not midnight!`);
  }
  return stored(iso.slice(0, 10));
}

/** Seconds where milliseconds belong are a date in January 1970, and are accepted: nothing tells them apart. */
function checkDateTime(raw: string): CheckedValue {
  const instant = instantOf(raw);
  if (instant === null || Math.abs(instant) > 8.64e15) return refused('INVALID_LONG', `${raw} was not a valid long.`);
  return stored(new Date(instant).toISOString());
}

function checkOption(property: PropertyDefinition, raw: string, isOwner: (id: string) => boolean): CheckedValue {
  if (property.name === 'hubspot_owner_id') {
    return isOwner(raw) ? stored(raw) : refused('INVALID_OWNER_ID', `Owner ${raw} does not exist`);
  }
  if (property.externalOptions) return stored(raw);
  const chosen = property.fieldType === 'checkbox' ? raw.split(';').filter((part) => part !== '') : [raw];
  const known = chosen.every((value) => property.options.some((option) => option.value === value));
  return known ? stored(raw) : notAnOption(property, raw);
}

function notAnOption(property: PropertyDefinition, raw: string): CheckedValue {
  const allowed = property.options.map((option) => option.value).join(', ');
  return refused('INVALID_OPTION', `${raw} was not one of the allowed options: [${allowed}]`);
}

const stored = (value: string): CheckedValue => ({ ok: true, value });

const refused = (code: string, message: string): CheckedValue => ({ ok: false, code, message });
