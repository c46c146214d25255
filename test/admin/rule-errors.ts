import { changed } from './configuration-file.ts';
import { CONNECTION, error, type UserError } from './user-errors.ts';

const LAST = '        unknownCaller: { action: create }\n';
/** The line that {@link adding} writes. */
const ADDED = 24;
const CONTENT = 'content: { recording: link, summary: true, transcript: false }';

/** The file with one more line in its connection. */
function adding(...lines: readonly string[]): string {
  return changed(LAST, LAST + lines.map((line) => `        ${line}\n`).join(''));
}

/** The file with other hours of its tenant, at line 7. */
function hours(text: string): string {
  return changed('    defaultCountry: US\n', `    defaultCountry: US\n    businessHours: ${text}\n`);
}

/** The file with a mapping whose first row of calls, at line 32, is this one. */
function mapping(row: string, head = 'crm: hubspot'): string {
  return adding(
    'mapping:',
    '  version: 1',
    `  ${head}`,
    '  name: acme',
    '  person: []',
    '  task: []',
    '  activities:',
    '    call:',
    `      - ${row}`,
    '    text_message: []',
    '    chat: []',
  );
}
const ROW = 32;
const CALL = `${CONNECTION}.mapping.activities.call[0]`;

/** Mistakes in one line of a connection: name, line, path in the connection, problem, fix. */
const LINES: readonly (readonly [string, string, string, RegExp, RegExp])[] = [
  ['a filter that is no list', 'filters: { when: { channel: sms } }', 'filters', /a list belongs/, /filters: \[/],
  ['a filter without an action', 'filters: [{ when: { channel: sms } }]', 'filters[0].action', /missing/, /skip/],
  [
    'an unknown action of a filter',
    'filters: [{ when: { channel: sms }, action: drop }]',
    'filters[0].action',
    /only deliver, skip/,
    /action: skip/,
  ],
  ['a filter without a condition', 'filters: [{ action: skip }]', 'filters[0].when', /missing/, /channel: sms/],
  [
    'a condition that names nothing',
    'filters: [{ when: {}, action: skip }]',
    'filters[0].when',
    /names nothing/,
    /channel: sms/,
  ],
  [
    'a mistyped condition',
    'filters: [{ when: { chanel: sms }, action: skip }]',
    'filters[0].when.chanel',
    /not known/,
    /mean `channel`/,
  ],
  [
    'a channel that is a number',
    'filters: [{ when: { channel: 5 }, action: skip }]',
    'filters[0].when.channel',
    /no value that can stand here/,
    /channel: voice/,
  ],
  [
    'a list of channels with a number',
    'filters: [{ when: { channel: [sms, 5] }, action: skip }]',
    'filters[0].when.channel[1]',
    /a text .* not a number/,
    /channel: voice/,
  ],
  [
    'an unknown direction',
    'filters: [{ when: { direction: in }, action: skip }]',
    'filters[0].when.direction',
    /only inbound, outbound/,
    /direction: inbound/,
  ],
  [
    'an unknown kind of caller',
    'filters: [{ when: { caller: anonymous }, action: skip }]',
    'filters[0].when.caller',
    /only identified, withheld, unidentified/,
    /withheld/,
  ],
  [
    'a number without its country',
    "filters: [{ when: { numberStartsWith: '0415' }, action: skip }]",
    'filters[0].when.numberStartsWith',
    /not allowed/,
    /'\+1415'` in quotes/,
  ],
  [
    'a duration in words',
    'filters: [{ when: { durationBelow: 5s }, action: skip }]',
    'filters[0].when.durationBelow',
    /a number belongs/,
    /seconds/,
  ],
  [
    'yes for a truth',
    'filters: [{ when: { afterHours: yes }, action: skip }]',
    'filters[0].when.afterHours',
    /true or false/,
    /afterHours: true/,
  ],
  [
    'a mistyped key in a rule for tasks',
    'tasks: { rules: [{ when: { status: missed }, crate: true }] }',
    'tasks.rules[0].crate',
    /not known/,
    /mean `create`/,
  ],
  [
    'a due time in words',
    'tasks: { dueInMinutes: soon }',
    'tasks.dueInMinutes',
    /a number belongs/,
    /dueInMinutes: 15/,
  ],
  ['a due time in half minutes', 'tasks: { dueInMinutes: 1.5 }', 'tasks.dueInMinutes', /whole number/, /129600/],
  ['a due time of a year', 'tasks: { dueInMinutes: 525600 }', 'tasks.dueInMinutes', /more than the most/, /90 days/],
  ['an unknown clock', 'tasks: { clock: office }', 'tasks.clock', /only business, plain/, /clock: business/],
  ['an unknown priority', 'tasks: { priority: urgent }', 'tasks.priority', /only low, medium, high/, /priority: high/],
  [
    'a rule for tasks without a condition',
    'tasks: { rules: [{ priority: low }] }',
    'tasks.rules[0].when',
    /missing/,
    /channel: sms/,
  ],
  [
    'rules for tasks that are no list',
    'tasks: { rules: { when: { status: missed } } }',
    'tasks.rules',
    /a list belongs/,
    /status: missed/,
  ],
];

/** Every mistake of its own kind in rules, hours and mappings. */
export const RULE_ERRORS: readonly UserError[] = [
  ...LINES.map(([name, line, path, problem, fix]) =>
    error(name, adding(line), `${CONNECTION}.${path}`, ADDED, problem, fix),
  ),
  error(
    'an action for unknown callers that does not exist',
    changed('action: create', 'action: create, rules: [{ when: { channel: sms }, action: ignore }]'),
    `${CONNECTION}.unknownCaller.rules[0].action`,
    23,
    /only create, skip, review, log_without_person/,
    /log_without_person/,
  ),
  error(
    'a kind of data that is not known',
    changed(CONTENT, 'content: { redact: [passport] }'),
    `${CONNECTION}.content.redact[0]`,
    21,
    /only card_number, iban/,
    /mask: ACC/,
  ),
  error(
    'a mask of one digit',
    changed(CONTENT, "content: { redact: [{ mask: 'A-#' }] }"),
    `${CONNECTION}.content.redact[0].mask`,
    21,
    /not allowed/,
    /at least four #/,
  ),
  error(
    'a pattern instead of a mask',
    changed(CONTENT, 'content: { redact: [{ regex: a+ }] }'),
    `${CONNECTION}.content.redact[0].mask`,
    21,
    /`mask` is missing/,
    /mask: ACC/,
  ),
  error(
    'what is redacted as one text',
    changed(CONTENT, 'content: { redact: card_number }'),
    `${CONNECTION}.content.redact`,
    21,
    /a list belongs/,
    /redact: \[card_number/,
  ),
  error(
    'a recording in a rule that is not known',
    changed(CONTENT, 'content: { rules: [{ when: { channel: sms }, recording: file }] }'),
    `${CONNECTION}.content.rules[0].recording`,
    21,
    /only link, none/,
    /recording: none/,
  ),
  error(
    'hours that are no list',
    hours("{ mon: '09:00-17:00' }"),
    'tenants[0].businessHours.mon',
    7,
    /a list/,
    /'09:00-12:00'/,
  ),
  error(
    'hours in another form',
    hours("{ mon: ['9-17'] }"),
    'tenants[0].businessHours.mon[0]',
    7,
    /not allowed/,
    /'09:00-17:30'/,
  ),
  error(
    'hours past midnight',
    hours("{ mon: ['22:00-02:00'] }"),
    'tenants[0].businessHours.mon[0]',
    7,
    /must close after/,
    /two spans/,
  ),
  error(
    'a day in full',
    hours("{ monday: ['09:00-17:00'] }"),
    'tenants[0].businessHours.monday',
    7,
    /not known/,
    /known here: sun, mon/,
  ),
  error(
    'a holiday in words',
    hours("{ holidays: ['25 Dec'] }"),
    'tenants[0].businessHours.holidays[0]',
    7,
    /not allowed/,
    /2026-12-25/,
  ),
  error(
    'a mapping that was left empty',
    adding('mapping:'),
    `${CONNECTION}.mapping`,
    ADDED,
    /not nothing/,
    /version: 1/,
  ),
  error(
    'a mapping for another CRM',
    mapping('{ field: hs_call_title, from: { path: conversation.summary }, mode: overwrite }', 'crm: salesforce'),
    `${CONNECTION}.mapping.crm`,
    26,
    /the mapping is for salesforce, the connection is to hubspot/,
    /crm: hubspot/,
  ),
  error(
    'a mistyped path in a mapping',
    mapping('{ field: hs_call_title, from: { path: conversation.sumary }, mode: overwrite }'),
    `${CALL}.from.path`,
    ROW,
    /nothing that a conversation has/,
    /mean `conversation\.summary`/,
  ),
  error(
    'a mistyped mode in a mapping',
    mapping('{ field: hs_call_title, from: { path: conversation.summary }, mode: overwrit }'),
    `${CALL}.mode`,
    ROW,
    /only overwrite/,
    /mode: overwrite/,
  ),
  error(
    'a mistyped key in a mapping',
    mapping('{ feild: hs_call_title, from: { path: conversation.summary }, mode: overwrite }'),
    `${CALL}.feild`,
    ROW,
    /not known/,
    /mean `field`/,
  ),
  error(
    'a mapping beside another mistake',
    changed('defaultCountry: US', 'defaultCountry: usa', mapping('{ field: x, mode: overwrite }')),
    `${CALL}.from`,
    ROW,
    /`from` is missing/,
    /path: conversation\.summary/,
  ),
  error(
    'a mapping for CSV files',
    changed(
      'crm: hubspot',
      'crm: csv-log',
      changed(
        '        baseUrl: https://api.hubapi.com\n        credentials: { accessToken: { env: HUBSPOT_TOKEN } }\n',
        '        folder: /var/log/acme\n',
        adding('mapping: {}'),
      ),
    ),
    `${CONNECTION}.mapping`,
    ADDED - 1,
    /not known here beside/,
    /remove it/,
  ),
];
