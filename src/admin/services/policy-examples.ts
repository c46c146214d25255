const CONNECTION = 'tenants[].connections[]';
const WHEN = '`when: { channel: sms }`, and whatever else must hold';
const TABLE = 'at most 100, of which the first that applies decides';

const CONTENT: Readonly<Record<string, string>> = {
  recording: '`recording: link` or `recording: none`',
  summary: '`summary: true` or `summary: false`',
  transcript: '`transcript: true` or `transcript: false`',
};

const UNKNOWN_CALLER = '`action: create`, `skip`, `review` or `log_without_person`';

const TASK: Readonly<Record<string, string>> = {
  dueInMinutes: '`dueInMinutes: 15`, a whole number from 0 to 129600 (90 days)',
  clock: '`clock: plain`, or `clock: business` to count only minutes in which the tenant is open',
  priority: '`priority: high`, `medium` or `low`',
};

/** What is right at the places of a connection's policies. */
export const POLICY_EXAMPLES: Readonly<Record<string, string>> = {
  [`${CONNECTION}.content`]: '`content: { recording: link, summary: true, transcript: false }`',
  ...under(`${CONNECTION}.content`, CONTENT),
  [`${CONNECTION}.content.redact`]: '`redact: [card_number, { mask: ACC-###### }]`, at most 50',
  [`${CONNECTION}.content.redact[]`]:
    '`card_number`, `iban`, `us_ssn`, `email`, `phone_number`, or `{ mask: ACC-###### }` with # for a digit and @ for a letter',
  [`${CONNECTION}.content.redact[].mask`]:
    '`mask: ACC-######`, 4 to 40 letters, digits, spaces and . / _ : - with at least four # (a digit) or @ (a letter)',
  [`${CONNECTION}.content.rules`]: `\`rules: [{ when: { channel: sms }, summary: false }]\`, ${TABLE}`,
  [`${CONNECTION}.content.rules[]`]: '`{ when: { channel: sms }, summary: false }`',
  [`${CONNECTION}.content.rules[].when`]: WHEN,
  ...under(`${CONNECTION}.content.rules[]`, CONTENT),
  [`${CONNECTION}.filters`]: `\`filters: [{ when: { durationBelow: 5 }, action: skip }]\`, ${TABLE}`,
  [`${CONNECTION}.filters[]`]: '`{ when: { durationBelow: 5 }, action: skip }`',
  [`${CONNECTION}.filters[].when`]: WHEN,
  [`${CONNECTION}.filters[].action`]: '`action: skip` or `action: deliver`',
  [`${CONNECTION}.unknownCaller`]: '`unknownCaller: { action: create }`',
  [`${CONNECTION}.unknownCaller.action`]: UNKNOWN_CALLER,
  [`${CONNECTION}.unknownCaller.rules`]: `\`rules: [{ when: { channel: sms }, action: review }]\`, ${TABLE}`,
  [`${CONNECTION}.unknownCaller.rules[]`]: '`{ when: { channel: sms }, action: review }`',
  [`${CONNECTION}.unknownCaller.rules[].when`]: WHEN,
  [`${CONNECTION}.unknownCaller.rules[].action`]: UNKNOWN_CALLER,
  [`${CONNECTION}.tasks`]: '`tasks: { dueInMinutes: 15, clock: plain, priority: high }`',
  ...under(`${CONNECTION}.tasks`, TASK),
  [`${CONNECTION}.tasks.rules`]: `\`rules: [{ when: { status: missed }, dueInMinutes: 60 }]\`, ${TABLE}`,
  [`${CONNECTION}.tasks.rules[]`]: '`{ when: { status: missed }, dueInMinutes: 60, priority: medium }`',
  [`${CONNECTION}.tasks.rules[].when`]: WHEN,
  [`${CONNECTION}.tasks.rules[].create`]:
    '`create: true`, or `create: false` to write none unless a person was asked for',
  ...under(`${CONNECTION}.tasks.rules[]`, TASK),
};

const DAY = "`mon: ['09:00-12:00', '13:00-17:30']`, on the clocks of the tenant's zone; leave a day out that is closed";

/** What is right at the places of a tenant's business hours. */
export const BUSINESS_HOURS_EXAMPLES: Readonly<Record<string, string>> = {
  'tenants[].businessHours':
    "`businessHours: { mon: ['09:00-17:30'], tue: ['09:00-17:30'], holidays: ['2026-12-25'] }`",
  ...Object.fromEntries(
    ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'].flatMap((day) => [
      [`tenants[].businessHours.${day}`, DAY],
      [`tenants[].businessHours.${day}[]`, "`'09:00-17:30'`; hours past midnight are two spans on two days"],
    ]),
  ),
  'tenants[].businessHours.holidays': "`holidays: ['2026-12-25']`",
  'tenants[].businessHours.holidays[]': "`'2026-12-25'`, a day as year, month and day",
};

const SEVERAL = 'or a list of which one must hold';

/** What is right inside a condition, wherever it stands. */
const CONDITION: Readonly<Record<string, string>> = {
  channel: `\`channel: voice\`, ${SEVERAL}`,
  direction: '`direction: inbound` or `direction: outbound`',
  status: `\`status: missed\`, ${SEVERAL}`,
  intent: `\`intent: booking\`, ${SEVERAL}`,
  language: `\`language: en\`, ${SEVERAL}`,
  agent: `\`agent: ag_12\`, ${SEVERAL}`,
  tag: `\`tag: vip\`, ${SEVERAL}`,
  caller: `\`caller: identified\`, \`withheld\` or \`unidentified\`, ${SEVERAL}`,
  numberStartsWith: `\`numberStartsWith: '+1415'\` in quotes, with the country code, ${SEVERAL}`,
  businessNumber: `\`businessNumber: '+14155550199'\` in quotes, in E.164, ${SEVERAL}`,
  durationAtLeast: '`durationAtLeast: 30`, seconds',
  durationBelow: '`durationBelow: 5`, seconds, more than 0',
  handoff: '`handoff: true` or `handoff: false`',
  afterHours: '`afterHours: true` or `afterHours: false`',
  repeatCaller: '`repeatCaller: true` or `repeatCaller: false`',
};

/** The example of a place inside a condition; undefined for every other place. */
export function conditionExample(pattern: string): string | undefined {
  const name = /\.when\.([A-Za-z]+)(?:\[\])?$/.exec(pattern)?.[1];
  return name === undefined ? undefined : CONDITION[name];
}

function under(place: string, examples: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(examples).map(([key, example]) => [`${place}.${key}`, example]));
}
