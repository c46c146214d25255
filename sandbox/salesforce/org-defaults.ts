import type { Queue, User } from './options.ts';
import { makeRecordId } from './record-ids.ts';
import type { TaskStatusValue } from './task-fields.ts';

const userId = (number: number): string => makeRecordId('005', number);

const integrationUserId = userId(1);

/** The people of the org by default: one integration user, three who work, one who left. */
export const defaultUsers: readonly User[] = [
  person(1, 'integration', 'Sync', 'Integration', true),
  person(2, 'dana.reed', 'Dana', 'Reed', true),
  person(3, 'sam.ortiz', 'Sam', 'Ortiz', true),
  person(4, 'kim.osei', 'Kim', 'Osei', true),
  person(5, 'left.company', 'Lee', 'Gone', false),
];

function person(number: number, handle: string, firstName: string, lastName: string, isActive: boolean): User {
  const email = `${handle}@example.com`;
  return { id: userId(number), username: `${email}.sandbox`, email, firstName, lastName, isActive };
}

export const defaultQueues: readonly [Queue, Queue] = [
  {
    id: makeRecordId('00G', 1),
    name: 'Inbound Leads',
    developerName: 'Inbound_Leads',
    objects: ['Lead', 'Case'],
  },
  { id: makeRecordId('00G', 2), name: 'Call Backs', developerName: 'Call_Backs', objects: ['Task', 'Lead'] },
];

/** The values of a new org. */
export const defaultStatuses: readonly TaskStatusValue[] = [
  { name: 'Not Started', isClosed: false, isDefault: true },
  { name: 'In Progress', isClosed: false, isDefault: false },
  { name: 'Completed', isClosed: true, isDefault: false },
  { name: 'Waiting on someone else', isClosed: false, isDefault: false },
  { name: 'Deferred', isClosed: false, isDefault: false },
];

/** The app the demo signs in with. */
export const defaultConnectedApp = {
  clientId: 'sandbox-client-id',
  clientSecret: 'sandbox-client-secret',
  runAs: integrationUserId,
  callbackUrls: ['http://localhost:8080/oauth/callback'],
} as const;
