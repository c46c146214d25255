import type { DocumentPath } from '../../domain/document-path.ts';

/** What is right at a place, by the last name on the way to it. */
const EXAMPLES: Readonly<Record<string, string>> = {
  '': 'a document that starts with `version: 1`, `crm:` and `name:`',
  version: '`version: 1`',
  crm: '`crm: hubspot`, `crm: salesforce` or `crm: csv-log`',
  name: '`name: Front desk calls`, 1 to 100 characters',
  person: '`person:` with a list of rows, or `person: []`',
  activities: '`activities: { call: [], text_message: [], chat: [] }`, each with its list of rows',
  call: '`call:` with a list of rows, or `call: []`',
  text_message: '`text_message:` with a list of rows, or `text_message: []`',
  chat: '`chat:` with a list of rows, or `chat: []`',
  task: '`task:` with a list of rows, or `task: []`',
  field: '`field: hs_call_title`, the internal name of a CRM field',
  from: '`from: { path: conversation.summary }`; `constant`, `template`, `cel` and `digest` are the other ways',
  path: '`path: conversation.summary`',
  constant: '`constant: CRM`, 1 to 1000 characters',
  template: '`template: "Call from {{caller.name}}"`, at most 2000 characters',
  cel: '`cel: conversation.status == "missed" ? "No answer" : "Connected"`, at most 2000 characters',
  digest: '`digest: { as: html, maxLength: 65536 }`',
  as: 'one of the values that the table of transforms in the mapping guide names',
  maxLength: '`maxLength: 32000`, a whole number from 100 to 131072',
  mode: '`mode: overwrite`, `overwrite_unless_edited`, `fill_if_empty`, `append_block`, `create_only` or `never`',
  when: '`when: conversation.direction == "inbound"`',
  ifNull: '`ifNull: leave`, `ifNull: clear` or `ifNull: { default: TEXT }`',
  default: '`default: Unknown`, 1 to 1000 characters',
  transforms: '`transforms: [{ use: trim }, { use: truncate, max: 255 }]`, at most 20 steps',
  use: '`use:` with the name of a transform',
  of: '`of: [{ path: caller.phone }, { path: caller.email }]`, one to ten sources',
  values: '`values: { missed: No answer, completed: Connected }`',
  max: '`max: 255`, a whole number from 1 to 131072',
  zone: '`zone: America/New_York`, or `zone: tenant`',
  country: '`country: US`, two capital letters of ISO 3166',
  unit: '`unit: minutes`; also milliseconds, seconds, hours, days',
  amount: '`amount: 15`, a whole number',
  to: '`to:` with a unit (`milliseconds`, `seconds`, `minutes`, `hours`, `days`), or `lower`, `upper`, `capitals` for `case`',
  by: '`by: ","`',
  position: '`position: 1` for the first entry, `-1` for the last',
};

/** What is right at a place of a mapping document, as a fix says it. */
export function exampleAt(path: DocumentPath): string {
  const names = path.filter((step) => typeof step === 'string');
  return EXAMPLES[names.at(-1) ?? ''] ?? EXAMPLES[names.at(-2) ?? ''] ?? 'what the mapping guide shows for this place';
}
