import { changed } from './configuration-file.ts';
import { CONNECTION, error, type UserError } from './user-errors.ts';

const LAST = '        unknownCaller: { action: create }\n';
/** The line that {@link adding} writes. */
const ADDED = 24;

/** The file with another policy of its HubSpot connection. */
function adding(policy: string): string {
  return changed(LAST, `${LAST}        ${policy}\n`);
}

/** The same for a connection to Salesforce. */
function addingToSalesforce(policy: string): string {
  const file = changed('crm: hubspot', 'crm: salesforce', adding(policy));
  return changed('https://api.hubapi.com', 'https://acme.my.salesforce.com', file);
}

/** Every mistake of its own kind in who records are given to and what they are put on. */
export const POLICY_ERRORS: readonly UserError[] = [
  error(
    'an opportunity for HubSpot',
    adding('associations: { with: [opportunity] }'),
    `${CONNECTION}.associations.with[0]`,
    ADDED,
    /only deal, ticket, company can stand here/,
    /`deal`, `ticket` or `company`/,
  ),
  error(
    'a deal for Salesforce',
    addingToSalesforce('associations: { with: [deal] }'),
    `${CONNECTION}.associations.with[0]`,
    ADDED,
    /only opportunity, case, account/,
    /`opportunity`, `case` or `account`/,
  ),
  error(
    'a kind in the list two times',
    adding('associations: { with: [deal, deal] }'),
    `${CONNECTION}.associations.with`,
    ADDED,
    /once only/,
    /with: \[deal, ticket, company\]/,
  ),
  error(
    'an unknown way to choose among several',
    adding('associations: { with: [deal], several: all }'),
    `${CONNECTION}.associations.several`,
    ADDED,
    /only latest, none/,
    /several: latest/,
  ),
  error(
    'a mistyped key of a policy',
    adding('owners: { fallbck: dana@acme.example }'),
    `${CONNECTION}.owners.fallbck`,
    ADDED,
    /not known/,
    /mean `fallback`/,
  ),
  error(
    'an owner by name',
    adding('owners: { agents: { ag_12: Dana Reed } }'),
    `${CONNECTION}.owners.agents.ag_12`,
    ADDED,
    /no e-mail address/,
    /ag_12: dana@acme\.example/,
  ),
  error(
    'a queue for HubSpot',
    adding('owners: { fallback: { queue: Front Desk } }'),
    `${CONNECTION}.owners.fallback`,
    ADDED,
    /a text .* belongs here, not a block/,
    /e-mail address of a HubSpot user/,
  ),
  error(
    'an owner by name for Salesforce',
    addingToSalesforce('owners: { fallback: Front Desk }'),
    `${CONNECTION}.owners.fallback`,
    ADDED,
    /no e-mail address/,
    /\{ queue: Front Desk \}/,
  ),
  error(
    'a mistyped queue',
    addingToSalesforce('owners: { agents: { ag.12: { queu: Front Desk } } }'),
    `${CONNECTION}.owners.agents.ag.12.queu`,
    ADDED,
    /not known/,
    /mean `queue`/,
  ),
  error(
    'a number for an owner',
    addingToSalesforce('owners: { agents: { ag_12: 42 } }'),
    `${CONNECTION}.owners.agents.ag_12`,
    ADDED,
    /an e-mail address or a queue belongs here/,
    /^write `ag_12: dana@acme\.example` or/,
  ),
  error(
    'an unknown rule',
    adding('owners: { task: [manager] }'),
    `${CONNECTION}.owners.task[0]`,
    ADDED,
    /only agent, record_owner, fallback/,
    /`agent`, `record_owner` or `fallback`/,
  ),
  error(
    'a rule in the list two times',
    adding('owners: { activity: [agent, agent] }'),
    `${CONNECTION}.owners.activity`,
    ADDED,
    /once only/,
    /in the order/,
  ),
  error(
    'owners for a CRM that has none',
    changed(
      'crm: hubspot',
      'crm: csv-log',
      changed(
        '        baseUrl: https://api.hubapi.com\n        credentials: { accessToken: { env: HUBSPOT_TOKEN } }\n',
        '        folder: /var/log/acme\n',
        adding('owners: {}'),
      ),
    ),
    `${CONNECTION}.owners`,
    ADDED - 1,
    /not known here beside/,
    /remove it/,
  ),
];
