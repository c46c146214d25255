import { date, defaulted, flag, instant, makeField, readOnly, reference, text, type Field } from './field.ts';

/** What every record begins with. */
export const identity = (label: string): readonly Field[] => [
  makeField('id', 'Id', `${label} ID`, { length: 18, ...readOnly, ...defaulted, ...readOnly, idLookup: true }),
  flag('IsDeleted', 'Deleted', readOnly),
];

/** What every record ends with. */
export const audit: readonly Field[] = [
  instant('CreatedDate', 'Created Date', { ...defaulted, ...readOnly }),
  reference('CreatedById', 'Created By ID', 'CreatedBy', ['User'], { ...defaulted, ...readOnly }),
  instant('LastModifiedDate', 'Last Modified Date', { ...defaulted, ...readOnly }),
  reference('LastModifiedById', 'Last Modified By ID', 'LastModifiedBy', ['User'], { ...defaulted, ...readOnly }),
  instant('SystemModstamp', 'System Modstamp', { ...defaulted, ...readOnly }),
];

/** What records of people and companies carry about their use. */
export const usage: readonly Field[] = [
  date('LastActivityDate', 'Last Activity', readOnly),
  instant('LastViewedDate', 'Last Viewed Date', readOnly),
  instant('LastReferencedDate', 'Last Referenced Date', readOnly),
];

export const owner = (label: string, to: readonly string[]): Field =>
  reference('OwnerId', label, 'Owner', to, defaulted);

/** Street, city and so on, and the compound field that shows them together. */
export function address(prefix: string, label: string): readonly Field[] {
  const named = (part: string): string => (label === '' ? part : `${label} ${part}`);
  return [
    makeField('textarea', `${prefix}Street`, named('Street'), { length: 255 }),
    text(`${prefix}City`, named('City'), 40),
    text(`${prefix}State`, named('State/Province'), 80),
    text(`${prefix}PostalCode`, named('Zip/Postal Code'), 20),
    text(`${prefix}Country`, named('Country'), 80),
    makeField('double', `${prefix}Latitude`, named('Latitude')),
    makeField('double', `${prefix}Longitude`, named('Longitude')),
    makeField('picklist', `${prefix}GeocodeAccuracy`, named('Geocode Accuracy'), { length: 40, restricted: true }),
    makeField('address', `${prefix}Address`, named('Address'), { ...readOnly, permissionable: true, sortable: false }),
  ];
}

export const leadSources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Other'] as const;
export const salutations = ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.'] as const;
export const ratings = ['Hot', 'Warm', 'Cold'] as const;
export const industries = [
  'Agriculture',
  'Banking',
  'Construction',
  'Consulting',
  'Education',
  'Healthcare',
  'Insurance',
  'Retail',
  'Technology',
  'Other',
] as const;
export const cleanStatuses = ['Matched', 'Different', 'NotFound', 'Inactive', 'Pending', 'Skipped'] as const;
