import type { ObjectTypeName } from './object-types.ts';
import { calculatePhone } from './phone-calculation.ts';
import type { PropertyValues } from './record-store.ts';

/** The values HubSpot fills in by itself when the given ones change; '' where the source was cleared. */
export function calculatedValues(
  type: ObjectTypeName,
  changes: PropertyValues,
  created: { readonly id: string } | null,
): PropertyValues {
  switch (type) {
    case 'contacts':
      return { ...phonesOf(changes), ...emailDomainOf(changes), ...(created === null ? {} : newContact(created.id)) };
    case 'companies':
      return { ...phonesOf(changes), ...(created === null ? {} : websiteOf(changes)) };
    case 'calls':
      return voicemailOf(changes);
    case 'deals':
    case 'tickets':
    case 'communications':
    case 'notes':
    case 'tasks':
      return {};
  }
}

function phonesOf(changes: PropertyValues): PropertyValues {
  const calculated: Record<string, string> = {};
  if (changes.phone !== undefined) {
    const phone = calculatePhone(changes.phone);
    calculated.hs_searchable_calculated_phone_number = phone.searchable;
    calculated.hs_searchable_calculated_international_phone_number = phone.international.slice(1);
    calculated.hs_calculated_phone_number = phone.international;
    calculated.hs_calculated_phone_number_country_code = phone.countryCode;
  }
  if (changes.mobilephone !== undefined) {
    const mobile = calculatePhone(changes.mobilephone);
    calculated.hs_searchable_calculated_mobile_number = mobile.searchable;
    calculated.hs_searchable_calculated_international_mobile_number = mobile.international.slice(1);
    calculated.hs_calculated_mobile_number = mobile.international;
  }
  return calculated;
}

/** Recorded: a write that carries an e-mail is answered with its domain. */
function emailDomainOf(changes: PropertyValues): PropertyValues {
  const email = changes.email;
  return email === undefined ? {} : { hs_email_domain: email.slice(email.indexOf('@') + 1) };
}

/** Recorded: what every new contact carries. */
function newContact(id: string): PropertyValues {
  return {
    hs_all_contact_vids: id,
    hs_is_contact: 'true',
    hs_is_unworked: 'true',
    hs_pipeline: 'contacts-lifecycle-pipeline',
  };
}

/** Recorded: a new company without a website gets its domain as one. */
function websiteOf(changes: PropertyValues): PropertyValues {
  const { domain, website } = changes;
  return domain === undefined || website !== undefined ? {} : { website: domain };
}

/** Documented: true once a call's status is "missed" and it has a recording. */
function voicemailOf(changes: PropertyValues): PropertyValues {
  if (changes.hs_call_status === undefined) return {};
  const missed = changes.hs_call_status === 'MISSED' && (changes.hs_call_recording_url ?? '') !== '';
  return missed ? { hs_call_has_voicemail: 'true' } : {};
}
