import type { DescribedField, Description } from '../../src/domain/crm.ts';

function field(name: string, type: string, more: Partial<DescribedField> = {}): DescribedField {
  return {
    name,
    label: name,
    type,
    maxLength: undefined,
    required: false,
    writable: true,
    unique: false,
    options: undefined,
    ...more,
  };
}

function options(...values: readonly string[]): Pick<DescribedField, 'options'> {
  return { options: values.map((value) => ({ value, label: value })) };
}

const calls: readonly DescribedField[] = [
  field('hs_timestamp', 'datetime', { required: true }),
  field('hs_call_title', 'string', { maxLength: 65_536 }),
  field('hs_call_body', 'string', { maxLength: 65_536 }),
  field('hs_call_direction', 'enumeration', options('INBOUND', 'OUTBOUND')),
  field('hs_call_disposition', 'enumeration', {
    label: 'Outcome',
    options: [
      { value: 'f240bbac-87c9-4f6e-bf70-924b57d47db7', label: 'Connected' },
      { value: '73a0d17f-1163-4015-bdd5-ec830791da20', label: 'No answer' },
    ],
  }),
  field('hs_call_duration', 'number'),
  field('hs_createdate', 'datetime', { writable: false }),
  field('personadesk_conversation_key', 'string', { unique: true, maxLength: 65_536 }),
  field('hubspot_owner_id', 'enumeration'),
  field('was_recorded', 'bool'),
  field('visit_day', 'date'),
  field('visit_number', 'string', { unique: true, maxLength: 65_536 }),
  field('topics', 'enumeration', options('vip', 'refund')),
  field('clinic_code', 'string', { maxLength: 20 }),
  field('clinic_place', 'object_coordinates'),
];

const person: readonly DescribedField[] = [
  field('LastName', 'string', { maxLength: 80, required: true }),
  field('Phone', 'phone', { maxLength: 40 }),
];

/** Accounts with fields of their own, as a connector describes them; the integration user sees no communications. */
export const ACCOUNTS: Readonly<Record<'hubspot' | 'salesforce', Description>> = {
  hubspot: { kind: 'described', objects: { contacts: [field('email', 'string', { unique: true })], calls } },
  salesforce: {
    kind: 'described',
    objects: {
      Task: [
        field('Subject', 'combobox', { maxLength: 255 }),
        field('TaskSubtype', 'picklist', options('Task', 'Call')),
        field('WhoId', 'reference', { maxLength: 18 }),
        field('Status', 'picklist', { ...options('Open', 'Done'), required: true }),
      ],
      Contact: person,
      Lead: [...person, field('Company', 'string', { maxLength: 255, required: true })],
    },
  },
};
