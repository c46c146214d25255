/**
 * HubSpot's categories, error codes and limit policies, and the statuses that come without any, each with the sentence a
 * person reads. Which disposition a refusal has is decided by the rules in `classify.ts`, which see more than the code.
 * Sources: HubSpot's error handling page, usage guidelines, 2026-09 write validation, and recorded answers.
 */
const MEANINGS: Readonly<Record<string, string>> = {
  INVALID_AUTHENTICATION: 'HubSpot does not accept the access token.',
  EXPIRED_AUTHENTICATION: 'The access token has expired.',
  MISSING_SCOPES: 'The app lacks a scope that this request needs.',
  RATE_LIMIT: 'The burst limit of the account is used up; it comes back within ten seconds.',
  RATE_LIMITS: 'A limit of the account is used up.',
  TEN_SECONDLY_ROLLING: 'The burst limit of the account is used up; it comes back within ten seconds.',
  SECONDLY: 'The limit of searches per second is used up.',
  DAILY: 'The daily limit of the account is used up; it comes back at midnight.',
  PROPERTY_DOESNT_EXIST: 'The property does not exist in this account, or the app may not see it.',
  NO_ACCESS_TO_OWNERS: 'The app may not read owners: it needs the scope crm.objects.owners.read.',
  NO_ACCESS_TO_COMPANIES:
    'The app may not use companies: it needs the scope crm.objects.companies.read, or write to link.',
  NO_ACCESS_TO_DEALS: 'The app may not use deals: it needs the scope crm.objects.deals.read, or write to link.',
  NO_ACCESS_TO_TICKETS: 'The app may not use tickets: it needs the scope tickets, or crm.objects.tickets.read.',
  MISSING_EDIT_ASSOCIATIONS:
    'The user the app acts for lacks the permission to edit associations; a super admin grants it in Users & Teams.',
  INVALID_OPTION: 'The value is not one of the options of the property.',
  READ_ONLY_VALUE: 'The property is calculated or kept by HubSpot, and cannot be written.',
  READ_ONLY_PROPERTY: 'The property is calculated or kept by HubSpot, and cannot be written.',
  MISSING_REQUIRED_PROPERTY: 'A property that the account requires was not given.',
  MISSING_CONDITIONAL_REQUIRED_PROPERTY: 'A rule of the account requires another property with this value.',
  PROPERTY_NAME_TAKEN: 'A property of another type already has the name of our unique property.',
  PROPERTY_NOT_UNIQUE: 'The property that should hold our key is not unique.',
  INVALID_DATE: 'The value is not a date that HubSpot reads.',
  INVALID_EMAIL: 'HubSpot does not take the e-mail address.',
  INVALID_INTEGER: 'The value is not a whole number.',
  INVALID_LONG: 'The value is not a whole number.',
  INVALID_LENGTH: 'The text is longer than the property holds.',
  INVALID_OWNER_ID: 'The owner does not exist or is no longer active.',
  INVALID_URL: 'The value is not an address that HubSpot takes.',
  INVALID_OBJECT_IDS: 'A record that was named does not exist any more.',
  VALIDATION_ERROR: 'HubSpot refused a value of the record.',
  CONFLICT: 'Another record already holds a value that must be unique.',
  CONTACT_EXISTS: 'Another contact already holds the e-mail address.',
  OBJECT_ALREADY_EXISTS: 'Another record already holds a value that must be unique.',
  PERSON_EXISTS: 'Another record already holds the key of this person.',
  OBJECT_NOT_FOUND: 'The record does not exist any more: it was deleted or merged.',
  TOO_MANY_MATCHES: 'More records match than a search returns, so none was chosen.',
  METHOD_NOT_ALLOWED: 'HubSpot knows no such request.',
  UNSUPPORTED_MEDIA_TYPE: 'HubSpot does not read this form of request.',
  INTERNAL_ERROR: 'HubSpot failed at the request.',
  NO_RESULT: 'HubSpot reported success but left this record out of its answer.',
  UNREADABLE_ANSWER: 'The answer was not one of HubSpot; something between it and us may have answered.',
  HTTP_423: 'HubSpot is changing the record at this moment.',
  HTTP_477: 'HubSpot is moving the account to other data centres.',
};

/** @param code without its prefix, such as `MISSING_SCOPES`; undefined for one that nobody has listed yet */
export function sentenceOf(code: string): string | undefined {
  return Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined;
}
