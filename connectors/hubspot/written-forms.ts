import { parsePhoneNumberFromString } from 'libphonenumber-js';

/** The ways one number stands in fields, for filters that compare text. No letters: HubSpot's IN wants lower case. */
export interface WrittenForms {
  readonly e164: string;
  /**
   * As `hs_searchable_calculated_*` may hold it: area code and local number, and once more with the trunk prefix
   * (`020...`), which stays in where HubSpot could not tell the country.
   */
  readonly searchable: readonly string[];
  /** As people and other tools type it into a custom field, which HubSpot calculates nothing from. */
  readonly typed: readonly string[];
}

/** @param phone the number as `parseNumber` gave it */
export function writtenForms(phone: { readonly e164: string; readonly national: string }): WrittenForms {
  const { e164, national } = phone;
  let typed: readonly string[] | undefined;
  return {
    e164,
    searchable: distinct([national, nationalDigits(phone)]),
    // Made on demand: formatting costs more than all else in a search, and most accounts have no custom number field.
    get typed() {
      return (typed ??= typedForms(phone));
    },
  };
}

function typedForms({ e164, national }: { readonly e164: string; readonly national: string }): readonly string[] {
  const parsed = parsePhoneNumberFromString(e164);
  const local = parsed?.formatNational() ?? national;
  return distinct([
    e164,
    e164.slice(1),
    national,
    local.replace(/\D/g, ''),
    local,
    parsed?.formatInternational() ?? e164,
  ]);
}

/** With the trunk prefix. North America (+1) has none. */
function nationalDigits({ e164, national }: { readonly e164: string; readonly national: string }): string {
  if (e164.startsWith('+1')) return national;
  return parsePhoneNumberFromString(e164)?.formatNational().replace(/\D/g, '') ?? national;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
