/** Objects the sandbox keeps, by their API names. */
export const objectNames = [
  'Account',
  'Case',
  'Contact',
  'Group',
  'Lead',
  'Opportunity',
  'OpportunityContactRole',
  'QueueSobject',
  'RecordType',
  'Task',
  'TaskStatus',
  'User',
] as const;

export type ObjectName = (typeof objectNames)[number];

export interface ObjectType {
  readonly name: ObjectName;
  readonly label: string;
  readonly labelPlural: string;
  /** The first three characters of its records' ids. */
  readonly keyPrefix: string;
  /** False for what only administrators write. */
  readonly isWritable: boolean;
  readonly isSearchable: boolean;
}

const ofUsers = { isWritable: true, isSearchable: true } as const;
const ofUsersUnsearched = { isWritable: true, isSearchable: false } as const;
const ofAdministrators = { isWritable: false, isSearchable: false } as const;

export const objectTypes: Readonly<Record<ObjectName, ObjectType>> = {
  Account: { name: 'Account', label: 'Account', labelPlural: 'Accounts', keyPrefix: '001', ...ofUsers },
  Case: { name: 'Case', label: 'Case', labelPlural: 'Cases', keyPrefix: '500', ...ofUsers },
  Contact: { name: 'Contact', label: 'Contact', labelPlural: 'Contacts', keyPrefix: '003', ...ofUsers },
  Group: { name: 'Group', label: 'Group', labelPlural: 'Groups', keyPrefix: '00G', ...ofAdministrators },
  Lead: { name: 'Lead', label: 'Lead', labelPlural: 'Leads', keyPrefix: '00Q', ...ofUsers },
  Opportunity: {
    name: 'Opportunity',
    label: 'Opportunity',
    labelPlural: 'Opportunities',
    keyPrefix: '006',
    ...ofUsers,
  },
  OpportunityContactRole: {
    name: 'OpportunityContactRole',
    label: 'Opportunity Contact Role',
    labelPlural: 'Opportunity Contact Roles',
    keyPrefix: '00K',
    ...ofUsersUnsearched,
  },
  QueueSobject: {
    name: 'QueueSobject',
    label: 'Queue Sobject',
    labelPlural: 'Queue Sobjects',
    keyPrefix: '03g',
    ...ofAdministrators,
  },
  RecordType: {
    name: 'RecordType',
    label: 'Record Type',
    labelPlural: 'Record Types',
    keyPrefix: '012',
    ...ofAdministrators,
  },
  Task: { name: 'Task', label: 'Task', labelPlural: 'Tasks', keyPrefix: '00T', ...ofUsers },
  TaskStatus: {
    name: 'TaskStatus',
    label: 'Task Status Value',
    labelPlural: 'Task Status Values',
    keyPrefix: '01J',
    ...ofAdministrators,
  },
  User: { name: 'User', label: 'User', labelPlural: 'Users', keyPrefix: '005', ...ofAdministrators },
};

export function isObjectName(text: string): text is ObjectName {
  return Object.hasOwn(objectTypes, text);
}

/** The object whose ids begin like this one; null when there is none. */
export function objectOfId(id: string): ObjectName | null {
  return objectNames.find((name) => objectTypes[name].keyPrefix === id.slice(0, 3)) ?? null;
}
