import type { CrmFailure, FieldValues } from '../../src/domain/crm.ts';
import type { KnownProperties } from './account-properties.ts';
import type { ListedProperty } from './answers.ts';
import { isList, REQUIRED } from './describe.ts';
import type { WrittenObject } from './properties.ts';

/** A record's values as the account takes them. */
export type Fit =
  | { readonly kind: 'fits'; readonly fields: FieldValues; readonly warnings: readonly string[] }
  | { readonly kind: 'unfit'; readonly failure: CrmFailure };

/**
 * Makes values fit the options of the account's lists. A mapping may name an option by its value or, without regard to
 * case, by its label: the outcomes of calls are GUIDs, and an account may have its own.
 *
 * What is no option is left out and told; where HubSpot would refuse a record without the field, it is a refusal.
 */
export function fitOptions(object: WrittenObject, fields: FieldValues, known: KnownProperties): Fit {
  const fitting: Record<string, string> = {};
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    const property = known.get(name);
    const fitted = property === undefined ? value : fitValue(property, value);
    if (fitted !== undefined) fitting[name] = fitted;
    else if (REQUIRED[object].includes(name)) return { kind: 'unfit', failure: noOption(name) };
    else warnings.push(`${name}: '${value.slice(0, TOLD)}' is no option of this account`);
  }
  return { kind: 'fits', fields: fitting, warnings };
}

/** Characters of a value that are told: what is longer was not meant to be an option. */
const TOLD = 100;

/** @returns undefined for what is no option */
function fitValue(property: ListedProperty, value: string): string | undefined {
  // An empty text clears the property; of a list without options nothing is known.
  if (!isList(property) || property.options.length === 0 || value === '') return value;
  if (property.fieldType !== CHECKBOXES) return optionOf(property, value)?.value;
  const chosen = value.split(';').filter((part) => part.trim() !== '');
  const fitted = chosen.map((part) => optionOf(property, part)?.value);
  return fitted.every((part) => part !== undefined) ? fitted.join(';') : undefined;
}

/** Takes several values, separated by semicolons (HubSpot's properties guide). */
const CHECKBOXES = 'checkbox';

/** By value exactly, as HubSpot compares it; else by label. Of a hidden option only the value counts. */
export function optionOf({ options }: ListedProperty, text: string): ListedProperty['options'][number] | undefined {
  const folded = text.trim().toLowerCase();
  return (
    options.find(({ value }) => value === text) ??
    options.find(({ label, hidden }) => !hidden && label.trim().toLowerCase() === folded)
  );
}

/** The outcomes every account starts with (HubSpot's calls guide), for one whose own cannot be read. */
const USUAL_OUTCOMES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    busy: '9d9162e7-6cf3-4944-bf63-4dff82258764',
    connected: 'f240bbac-87c9-4f6e-bf70-924b57d47db7',
    'left live message': 'a4c4c377-d246-4b32-a13b-75a56a4cd0ff',
    'left voicemail': 'b2cf5968-551e-4856-9783-52b3da59a7d0',
    'no answer': '73a0d17f-1163-4015-bdd5-ec830791da20',
    'wrong number': '17b47fee-58de-441e-a44c-c6300d46f273',
  }),
);

/** What is sent where the account's options are not known: values as they are, but for labels of usual outcomes. */
export function fitUnseen(fields: FieldValues): Fit {
  const { hs_call_disposition: outcome, ...rest } = fields;
  if (outcome === undefined) return { kind: 'fits', fields, warnings: [] };
  const hs_call_disposition = USUAL_OUTCOMES.get(outcome.trim().toLowerCase()) ?? outcome;
  return { kind: 'fits', fields: { ...rest, hs_call_disposition }, warnings: [] };
}

function noOption(field: string): CrmFailure {
  return {
    disposition: 'fix_mapping',
    code: 'hubspot.INVALID_OPTION',
    status: undefined,
    retryAfterMs: undefined,
    field,
    vendorText: undefined,
  };
}
