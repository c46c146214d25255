import type { ObjectTypeName } from './object-types.ts';
import { calculatePhone } from './phone-calculation.ts';
import type { PropertyValues } from './record-store.ts';

/** One write, as what HubSpot makes of it depends on it. */
export interface Change {
  readonly type: ObjectTypeName;
  readonly id: string;
  readonly values: PropertyValues;
  /** What the record held; null for a new one. */
  readonly before: PropertyValues | null;
  /** ISO 8601. */
  readonly at: string;
  /** Whether a ticket that is opened again keeps its close date. */
  readonly keepsCloseDate: boolean;
}

/** The values HubSpot fills in by itself when the given ones change; '' where the source was cleared. */
export function calculatedValues(change: Change): PropertyValues {
  const { type, id, values, before } = change;
  const isNew = before === null;
  switch (type) {
    case 'contacts':
      return { ...phonesOf(values), ...emailDomainOf(values), ...(isNew ? newContact(id) : {}) };
    case 'companies':
      return { ...phonesOf(values), ...(isNew ? websiteOf(values) : {}) };
    case 'calls':
      return voicemailOf(values);
    case 'deals':
      return isNew || values.dealstage !== undefined ? closingOfDeal(values.dealstage ?? '') : {};
    case 'tickets':
      return values.hs_pipeline_stage === undefined ? {} : closingOfTicket(change);
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

/** A deal is closed by its stage (HubSpot's deal properties). The stages are those of the pipeline every account has. */
function closingOfDeal(stage: string): PropertyValues {
  const [won, lost] = [stage === 'closedwon', stage === 'closedlost'];
  return { hs_is_closed: String(won || lost), hs_is_closed_won: String(won), hs_is_closed_lost: String(lost) };
}

/** The last stage of the pipeline every account has. */
const closedTicketStage = '4';

/** What happens to the close date of a ticket that is opened again is not documented. */
function closingOfTicket({ values, before, at, keepsCloseDate }: Change): PropertyValues {
  const wasClosed = before?.hs_pipeline_stage === closedTicketStage;
  const isClosed = values.hs_pipeline_stage === closedTicketStage;
  if (wasClosed === isClosed) return {};
  if (isClosed) return { closed_date: values.closed_date ?? at, hs_last_closed_date: at };
  return { hs_ticket_reopened_at: at, ...(keepsCloseDate ? {} : { closed_date: '' }) };
}

/** Documented: true once a call's status is "missed" and it has a recording. */
function voicemailOf(changes: PropertyValues): PropertyValues {
  if (changes.hs_call_status === undefined) return {};
  const missed = changes.hs_call_status === 'MISSED' && (changes.hs_call_recording_url ?? '') !== '';
  return missed ? { hs_call_has_voicemail: 'true' } : {};
}
