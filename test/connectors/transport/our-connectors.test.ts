import { afterEach, describe, expect, it } from '@jest/globals';
import type { CallContext, Connector } from '../../../connectors/connector.ts';
import { createHubSpotConnector } from '../../../connectors/hubspot/connector.ts';
import { createSalesforceConnector } from '../../../connectors/salesforce/connector.ts';
import { createHttpTransport } from '../../../connectors/transport/http-transport.ts';
import { startHubSpotSandbox } from '../../../sandbox/hubspot/index.ts';
import { startSalesforceSandbox } from '../../../sandbox/salesforce/index.ts';
import type { CrmFailure } from '../../../src/domain/crm.ts';
import { caller, failureOf } from '../salesforce/connected-org.ts';
import { startScriptedServer } from '../scripted-server.ts';
import { CRMS, FAILURES, TOKEN, type Crm, type Failure } from './official-failures.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** What must follow, whatever the CRM. */
const FOLLOWS: Readonly<Record<string, CrmFailure['disposition']>> = {
  'a connection that is reset before the answer': 'retry',
  'a connection that is reset in the middle of the body': 'retry',
  'headers that never come': 'retry',
  'a body that stops half-way': 'retry',
  'a body that trickles': 'retry',
  'a body over the limit': 'bug',
  'a page of an intermediary': 'retry',
  'an empty 504': 'retry',
  'a limit': 'throttle',
  'a redirect': 'retry',
  'a login page in the place of an answer': 'retry',
  'an answer that is cut off in its JSON': 'retry',
  'a token that is refused': 'reconnect',
};

interface Failing {
  readonly connector: Connector;
  readonly context: CallContext;
}

/** A connector whose CRM fails in this way from its first request on. */
async function connectFailing(crm: Crm, failure: Failure): Promise<Failing> {
  const start = { hubspot: startHubSpotSandbox, salesforce: startSalesforceSandbox };
  const sandbox = await start[crm]({ accessTokens: [{ token: TOKEN }] });
  const server = 'script' in failure ? await startScriptedServer(failure.script) : undefined;
  if ('fault' in failure) sandbox.injectFault({ match: {}, times: 99, fault: failure.fault });
  const transport = createHttpTransport({ totalTimeoutMs: 400, ...('options' in failure ? failure.options : {}) });
  const create = { hubspot: createHubSpotConnector, salesforce: createSalesforceConnector };
  const connector = create[crm]({
    baseUrl: server?.origin ?? sandbox.url,
    accessToken: () => Promise.resolve(TOKEN),
    defaultCountry: 'US',
    phoneFields: [],
    transport,
  });
  closing.push(
    () => sandbox.close(),
    () => server?.close() ?? Promise.resolve(),
    () => transport.close(),
    () => connector.close(),
  );
  return { connector, context: { signal: new AbortController().signal } };
}

describe.each(CRMS)('our %s connector meets what the official clients meet', (crm) => {
  it.each(Object.entries(FAILURES))('%s: each item has its result, in time', async (name, failure) => {
    const { connector, context } = await connectFailing(crm, failure);
    const startedAt = performance.now();
    const searches = await connector.lookUpPeople([caller(1)], [], context);
    const provisioning = await connector.provision(context);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    const failures = [...searches.map(failureOf), failureOf(provisioning)];
    const disposition = FOLLOWS[name];
    expect(failures).toMatchObject([{ disposition }, { disposition }]);
    expect(JSON.stringify(failures)).not.toContain(TOKEN);
  });
});
