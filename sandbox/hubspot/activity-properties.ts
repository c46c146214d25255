import type { ActivityTypeName } from './object-types.ts';
import { choices, labelled, standardProperty, type PropertyDefinition } from './property-definition.ts';

type Factory = ReturnType<typeof standardProperty>;

/** What every activity has: its place on the timeline, its owner and the stamps HubSpot writes itself. */
function common(factory: Factory): readonly PropertyDefinition[] {
  return [
    factory('hs_timestamp', 'Activity date', 'datetime'),
    factory('hubspot_owner_id', 'Activity assigned to', 'enumeration', { externalOptions: true }),
    factory('hs_attachment_ids', 'Attached file IDs'),
    factory('hs_createdate', 'Create date', 'datetime', { readOnlyValue: true }),
    factory('hs_lastmodifieddate', 'Last modified date', 'datetime', { readOnlyValue: true }),
    factory('hs_object_id', 'Record ID', 'number', { calculated: true }),
    factory('hs_unique_creation_key', 'Unique creation key', 'string', { hasUniqueValue: true, readOnlyValue: true }),
  ];
}

const call = standardProperty('call');

const calls: readonly PropertyDefinition[] = [
  ...common(call),
  call('hs_call_title', 'Call Title'),
  call('hs_call_body', 'Call notes', 'string', { fieldType: 'html' }),
  call('hs_call_direction', 'Call direction', 'enumeration', { options: choices('INBOUND', 'OUTBOUND') }),
  call('hs_call_duration', 'Call duration', 'number', { description: 'Milliseconds.' }),
  call('hs_call_from_number', 'From Number'),
  call('hs_call_to_number', 'To Number'),
  call('hs_call_status', 'Call status', 'enumeration', {
    options: choices(
      'BUSY',
      'CALLING_CRM_USER',
      'CANCELED',
      'COMPLETED',
      'CONNECTING',
      'FAILED',
      'IN_PROGRESS',
      'MISSED',
      'NO_ANSWER',
      'QUEUED',
      'RINGING',
    ),
  }),
  call('hs_call_disposition', 'Call outcome', 'enumeration', {
    options: labelled({
      '9d9162e7-6cf3-4944-bf63-4dff82258764': 'Busy',
      'f240bbac-87c9-4f6e-bf70-924b57d47db7': 'Connected',
      'a4c4c377-d246-4b32-a13b-75a56a4cd0ff': 'Left live message',
      'b2cf5968-551e-4856-9783-52b3da59a7d0': 'Left voicemail',
      '73a0d17f-1163-4015-bdd5-ec830791da20': 'No answer',
      '17b47fee-58de-441e-a44c-c6300d46f273': 'Wrong number',
    }),
  }),
  call('hs_call_recording_url', 'Recording URL'),
  // Other sources exist on records HubSpot makes itself; an integration may set this one only (calls guide).
  call('hs_call_source', 'Call source', 'enumeration', { options: choices('INTEGRATIONS_PLATFORM') }),
  call('hs_call_app_id', 'App id', 'number'),
  // Fits a foreign id, but is documented nowhere as unique: it is refused as an idProperty.
  call('hs_call_external_id', 'External id'),
  call('hs_call_external_account_id', 'External account id'),
  call('hs_call_callee_object_id', 'Callee object id', 'number'),
  call('hs_call_callee_object_type', 'Callee object type', 'enumeration', { options: choices('CONTACT', 'COMPANY') }),
  call('hs_activity_type', 'Call and meeting type', 'enumeration', {
    options: choices('First call', 'Follow-up call', 'Reception'),
  }),
  call('hs_call_has_voicemail', 'Has voicemail', 'bool', { readOnlyValue: true }),
  call('hs_call_has_transcript', 'Has transcript', 'bool', { readOnlyValue: true }),
  call('hs_call_summary', 'Call summary', 'string', { fieldType: 'html', readOnlyValue: true }),
];

const communication = standardProperty('communication');

const communications: readonly PropertyDefinition[] = [
  ...common(communication),
  communication('hs_communication_channel_type', 'Channel type', 'enumeration', {
    options: choices('WHATS_APP', 'LINKEDIN_MESSAGE', 'SMS'),
  }),
  communication('hs_communication_logged_from', 'Logged from', 'enumeration', { options: choices('CRM') }),
  communication('hs_communication_body', 'Communication body', 'string', { fieldType: 'html' }),
];

const note = standardProperty('note');

const notes: readonly PropertyDefinition[] = [
  ...common(note),
  note('hs_note_body', 'Note body', 'string', { fieldType: 'html' }),
];

const task = standardProperty('task');

const tasks: readonly PropertyDefinition[] = [
  ...common(task),
  task('hs_task_subject', 'Task title'),
  task('hs_task_body', 'Notes', 'string', { fieldType: 'html' }),
  task('hs_task_status', 'Task status', 'enumeration', {
    options: choices('NOT_STARTED', 'IN_PROGRESS', 'COMPLETED', 'DEFERRED', 'WAITING'),
  }),
  task('hs_task_priority', 'Priority', 'enumeration', { options: choices('LOW', 'MEDIUM', 'HIGH') }),
  task('hs_task_type', 'Task type', 'enumeration', { options: choices('EMAIL', 'CALL', 'TODO') }),
  task('hs_task_reminders', 'Reminders', 'string'),
  task('hs_task_completion_date', 'Completed at', 'datetime', { readOnlyValue: true }),
];

/** HubSpot's own properties of the four activities (calls, communications, notes and tasks guides). */
export const activityProperties: Readonly<Record<ActivityTypeName, readonly PropertyDefinition[]>> = {
  calls,
  communications,
  notes,
  tasks,
};
