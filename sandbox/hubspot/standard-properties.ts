import { activityProperties } from './activity-properties.ts';
import type { ObjectTypeName } from './object-types.ts';
import { choices, labelled, standardProperty, type PropertyDefinition } from './property-definition.ts';

const owner = { externalOptions: true } as const;
const readOnly = { readOnlyValue: true } as const;
const calculated = { calculated: true } as const;

const lifecycleStages = labelled({
  subscriber: 'Subscriber',
  lead: 'Lead',
  marketingqualifiedlead: 'Marketing Qualified Lead',
  salesqualifiedlead: 'Sales Qualified Lead',
  opportunity: 'Opportunity',
  customer: 'Customer',
  evangelist: 'Evangelist',
  other: 'Other',
});

const leadStatuses = choices(
  'NEW',
  'OPEN',
  'IN_PROGRESS',
  'OPEN_DEAL',
  'UNQUALIFIED',
  'ATTEMPTED_TO_CONTACT',
  'CONNECTED',
  'BAD_TIMING',
);

const person = standardProperty('contactinformation');
const conversion = standardProperty('emailinformation');
const sales = standardProperty('sales_properties');

const contacts: readonly PropertyDefinition[] = [
  person('firstname', 'First Name'),
  person('lastname', 'Last Name'),
  person('email', 'Email'),
  person('phone', 'Phone Number', 'string', { fieldType: 'phonenumber' }),
  person('mobilephone', 'Mobile Phone Number', 'string', { fieldType: 'phonenumber' }),
  person('fax', 'Fax Number'),
  person('work_email', 'Work email'),
  person('salutation', 'Salutation'),
  person('jobtitle', 'Job Title'),
  person('company', 'Company Name'),
  person('website', 'Website URL'),
  person('address', 'Street Address'),
  person('city', 'City'),
  person('state', 'State/Region'),
  person('zip', 'Postal Code'),
  person('country', 'Country/Region'),
  person('message', 'Message', 'string', { fieldType: 'textarea' }),
  person('date_of_birth', 'Date of birth'),
  person('hs_language', 'Preferred language', 'enumeration', { options: choices('de', 'en', 'es', 'fr', 'it', 'pt') }),
  person('lifecyclestage', 'Lifecycle Stage', 'enumeration', { fieldType: 'radio', options: lifecycleStages }),
  sales('hs_lead_status', 'Lead Status', 'enumeration', { fieldType: 'radio', options: leadStatuses }),
  sales('hubspot_owner_id', 'Contact owner', 'enumeration', owner),
  sales('hubspot_owner_assigneddate', 'Owner Assigned Date', 'datetime', readOnly),
  sales('notes_last_contacted', 'Last Contacted', 'datetime', readOnly),
  sales('notes_last_updated', 'Last Activity Date', 'datetime', readOnly),
  sales('num_notes', 'Number of Sales Activities', 'number', readOnly),
  sales('hs_is_unworked', 'Contact unworked', 'bool', readOnly),
  conversion('hs_email_optout', 'Unsubscribed from all email', 'bool', readOnly),
  person('createdate', 'Create Date', 'datetime', readOnly),
  person('lastmodifieddate', 'Last Modified Date', 'datetime', readOnly),
  person('hs_object_id', 'Contact ID', 'number', calculated),
  person('hs_unique_creation_key', 'Unique creation key', 'string', { hasUniqueValue: true, readOnlyValue: true }),
  person('hs_all_contact_vids', 'Merged contact IDs', 'enumeration', { calculated: true, externalOptions: true }),
  person('hs_merged_object_ids', 'Merged object IDs', 'enumeration', { calculated: true, externalOptions: true }),
  person('hs_is_contact', 'Is a contact', 'bool', calculated),
  person('hs_email_domain', 'Email Domain', 'string', calculated),
  person('hs_pipeline', 'Pipeline', 'enumeration', { externalOptions: true }),
  person('hs_marketable_status', 'Marketing contact status', 'enumeration', {
    readOnlyValue: true,
    options: choices('true', 'false'),
  }),
  person('hs_calculated_phone_number', 'Calculated Phone Number in International Format', 'string', calculated),
  person('hs_calculated_mobile_number', 'Calculated Mobile Number in International Format', 'string', calculated),
  person('hs_calculated_phone_number_country_code', 'Calculated Phone Number Country Code', 'string', calculated),
  ...searchablePhones(person),
];

const firm = standardProperty('companyinformation');

const companies: readonly PropertyDefinition[] = [
  firm('name', 'Name'),
  firm('domain', 'Company Domain Name'),
  firm('website', 'Website URL'),
  firm('phone', 'Phone Number', 'string', { fieldType: 'phonenumber' }),
  firm('description', 'Description', 'string', { fieldType: 'textarea' }),
  firm('address', 'Street Address'),
  firm('city', 'City'),
  firm('state', 'State/Region'),
  firm('zip', 'Postal Code'),
  firm('country', 'Country/Region'),
  firm('numberofemployees', 'Number of Employees', 'number'),
  firm('annualrevenue', 'Annual Revenue', 'number'),
  firm('facebookfans', 'Facebook Fans', 'number'),
  firm('twitterhandle', 'Twitter Handle'),
  firm('lifecyclestage', 'Lifecycle Stage', 'enumeration', { fieldType: 'radio', options: lifecycleStages }),
  firm('hubspot_owner_id', 'Company owner', 'enumeration', owner),
  ...stamps(firm, 'createdate'),
  ...searchablePhones(firm).filter((property) => !property.name.includes('mobile')),
];

const deal = standardProperty('dealinformation');

const deals: readonly PropertyDefinition[] = [
  deal('dealname', 'Deal Name'),
  deal('amount', 'Amount', 'number'),
  deal('closedate', 'Close Date', 'datetime'),
  deal('pipeline', 'Pipeline', 'enumeration', { options: labelled({ default: 'Sales Pipeline' }) }),
  deal('dealstage', 'Deal Stage', 'enumeration', {
    fieldType: 'radio',
    options: choices(
      'appointmentscheduled',
      'qualifiedtobuy',
      'presentationscheduled',
      'decisionmakerboughtin',
      'contractsent',
      'closedwon',
      'closedlost',
    ),
  }),
  deal('dealtype', 'Deal Type', 'enumeration', { options: choices('newbusiness', 'existingbusiness') }),
  deal('description', 'Deal Description', 'string', { fieldType: 'textarea' }),
  deal('hs_is_closed', 'Is Deal Closed?', 'bool', calculated),
  deal('hs_is_closed_won', 'Is Closed Won', 'bool', calculated),
  deal('hs_is_closed_lost', 'Is Closed Lost', 'bool', calculated),
  deal('hubspot_owner_id', 'Deal owner', 'enumeration', owner),
  ...stamps(deal, 'createdate'),
];

const ticket = standardProperty('ticketinformation');

const tickets: readonly PropertyDefinition[] = [
  ticket('subject', 'Ticket name'),
  ticket('content', 'Ticket description', 'string', { fieldType: 'textarea' }),
  ticket('hs_pipeline', 'Pipeline', 'enumeration', { options: labelled({ '0': 'Support Pipeline' }) }),
  ticket('hs_pipeline_stage', 'Ticket status', 'enumeration', {
    options: labelled({ '1': 'New', '2': 'Waiting on contact', '3': 'Waiting on us', '4': 'Closed' }),
  }),
  ticket('hs_ticket_priority', 'Priority', 'enumeration', { options: choices('LOW', 'MEDIUM', 'HIGH', 'URGENT') }),
  ticket('hs_ticket_category', 'Category', 'enumeration', {
    fieldType: 'checkbox',
    options: choices('PRODUCT_ISSUE', 'BILLING_ISSUE', 'FEATURE_REQUEST', 'GENERAL_INQUIRY'),
  }),
  // Tickets have no property that says "closed", as deals have (lists of an account's properties): these dates say it.
  ticket('closed_date', 'Close date', 'datetime'),
  ticket('hs_last_closed_date', 'Last Closed Date', 'datetime', readOnly),
  ticket('hs_ticket_reopened_at', 'Ticket reopen date', 'datetime', readOnly),
  ticket('hubspot_owner_id', 'Ticket owner', 'enumeration', owner),
  ...stamps(ticket, 'createdate'),
];

/** HubSpot's own properties of each object: a realistic part of them, with the traits that decide what a write may do. */
export const standardProperties: Readonly<Record<ObjectTypeName, readonly PropertyDefinition[]>> = {
  contacts,
  companies,
  deals,
  tickets,
  ...activityProperties,
};

type Factory = ReturnType<typeof standardProperty>;

function stamps(factory: Factory, createdProperty: string): readonly PropertyDefinition[] {
  return [
    factory(createdProperty, 'Create Date', 'datetime', readOnly),
    factory('hs_lastmodifieddate', 'Last Modified Date', 'datetime', readOnly),
    factory('hs_object_id', 'Record ID', 'number', calculated),
    factory('hs_unique_creation_key', 'Unique creation key', 'string', { hasUniqueValue: true, readOnlyValue: true }),
  ];
}

function searchablePhones(factory: Factory): readonly PropertyDefinition[] {
  return [
    ['hs_searchable_calculated_phone_number', 'Calculated Phone Number without country code'] as const,
    ['hs_searchable_calculated_mobile_number', 'Calculated Mobile Number without country code'] as const,
    ['hs_searchable_calculated_international_phone_number', 'Calculated Phone Number with country code'] as const,
    ['hs_searchable_calculated_international_mobile_number', 'Calculated Mobile Number with country code'] as const,
  ].map(([name, label]) => factory(name, label, 'phone_number', calculated));
}
