import { join } from 'node:path';
import { DEMO } from './demo-tenant.ts';
import type { Environment } from './environment.ts';

/** What a person reads once everything runs: where to look and what to try. */
export function greeting(environment: Environment, mode: 'demo' | 'real'): readonly string[] {
  return [
    '',
    mode === 'demo'
      ? 'CRM Sync runs, in demo mode: the conversations and the CRM are made up, the rest is real.'
      : 'CRM Sync runs.',
    '',
    ...table(mode === 'demo' ? demoPlaces(environment) : realPlaces(environment)),
    '',
    'Try in another terminal:',
    ...(mode === 'demo' ? DEMO_COMMANDS : REAL_COMMANDS).map((command) => `  ${command}`),
    '',
    `Logs are in ${join(environment.dataDirectory, 'logs')}. Ctrl-C stops everything; the next start goes on from there.`,
  ];
}

const DEMO_COMMANDS = [
  'npx crm-sync status',
  'npx crm-sync explain conv_123',
  `npx crm-sync send-test-event ${DEMO.tenantId}`,
];
const REAL_COMMANDS = ['npx crm-sync status', 'npx crm-sync apply FILE.yaml --dry-run'];

type Place = readonly [name: string, url: string, what: string];

function realPlaces({ ports, publicUrl }: Environment): readonly Place[] {
  return [
    ['Status page', `http://127.0.0.1:${ports.admin}/`, ''],
    ['Webhooks', `${publicUrl}/webhooks/personadesk/<endpoint id>`, ''],
  ];
}

function demoPlaces({ ports }: Environment): readonly Place[] {
  return [
    ['Status page', `http://127.0.0.1:${ports.admin}/`, 'how fresh the CRM is, what needs a person'],
    ['HubSpot sandbox', `http://127.0.0.1:${ports.hubSpotSandbox}/`, 'the contacts and their calls'],
    ['Salesforce sandbox', `http://127.0.0.1:${ports.salesforceSandbox}/`, 'the leads and their tasks'],
    ['PersonaDesk sandbox', `http://127.0.0.1:${ports.personaDeskSandbox}/v1`, 'the API the conversations come from'],
  ];
}

function table(places: readonly Place[]): readonly string[] {
  const nameWidth = Math.max(...places.map(([name]) => name.length));
  const urlWidth = Math.max(...places.map(([, url]) => url.length));
  return places.map(([name, url, what]) => `  ${name.padEnd(nameWidth)}  ${url.padEnd(urlWidth)}  ${what}`.trimEnd());
}
