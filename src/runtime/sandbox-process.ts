import { join } from 'node:path';
import { request } from 'undici';
import { startHubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import {
  createWebhookSender,
  exampleEvent,
  runDemoTraffic,
  runPersonaDeskSandbox,
  type PersonaDeskSandbox,
  type WebhookEvent,
} from '../../sandbox/personadesk/index.ts';
import { defaultConnectedApp, startSalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { recallConversations, rememberConversations } from './demo-conversations.ts';
import { DEMO, demoSecrets, type DemoSecrets } from './demo-tenant.ts';
import type { Environment, Ports } from './environment.ts';
import { pauseUnless } from './pause.ts';
import { portFailure } from './ports.ts';
import { runService, type Service, type ServiceContext } from './service-process.ts';

/** Pause between two conversations of the demo. */
const CONVERSATION_EVERY_MS = 3_000;
const INTAKE_POLL_MS = 100;
/** A demo that is killed forgets at most this much. */
const REMEMBER_EVERY_MS = 5_000;

/** The process of the demo: stand-ins for PersonaDesk, HubSpot and Salesforce, and conversations that happen as one watches. */
export function runSandbox(environment: Environment): Promise<0 | 1> {
  return runService('sandbox', environment, startSandboxes);
}

async function startSandboxes({ environment, logger, stopping }: ServiceContext): Promise<Service> {
  const secrets = await demoSecrets(environment.dataDirectory);
  const hubSpot = await orPortFailure(
    startHubSpotSandbox({
      port: environment.ports.hubSpotSandbox,
      accessTokens: [{ token: secrets.hubSpotToken.value }],
      // It forgets its records with each start: an id of the last run must not name another person in this one.
      seed: Date.now(),
    }),
    environment,
    'hubSpotSandbox',
  );
  const salesforce = await orPortFailure(
    startSalesforceSandbox({
      port: environment.ports.salesforceSandbox,
      connectedApps: [
        {
          ...defaultConnectedApp,
          clientId: DEMO.salesforceClientId,
          clientSecret: secrets.salesforceClientSecret.value,
        },
      ],
      seed: Date.now(),
    }),
    environment,
    'salesforceSandbox',
  );
  const { sandbox, ended } = await orPortFailure(
    openPersonaDesk(environment, secrets, stopping),
    environment,
    'personaDeskSandbox',
  );
  const memory = join(environment.dataDirectory, 'demo', 'conversations.json');
  const missed = await recallConversations(memory, sandbox, new Date());
  const traffic = sendTraffic(sandbox, environment, secrets, missed, stopping).catch((error: unknown) =>
    logger.error('demo_traffic_failed', {}, error),
  );
  const remembering = keepRemembering(memory, sandbox, stopping).catch((error: unknown) =>
    logger.error('demo_memory_failed', {}, error),
  );
  return {
    async stop() {
      await traffic;
      await remembering;
      await ended;
      await hubSpot.close();
      await salesforce.close();
    },
  };
}

/** Resolves once it serves; `ended` once the signal has stopped it. */
async function openPersonaDesk(
  environment: Environment,
  secrets: DemoSecrets,
  signal: AbortSignal,
): Promise<{ readonly sandbox: PersonaDeskSandbox; readonly ended: Promise<void> }> {
  const { promise, resolve, reject } = Promise.withResolvers<PersonaDeskSandbox>();
  const ended = runPersonaDeskSandbox({
    port: environment.ports.personaDeskSandbox,
    tenants: [{ id: DEMO.tenantId, name: DEMO.tenantName, apiKey: secrets.personaDeskApiKey.value }],
    signal,
    seed: 1,
    onReady: resolve,
  });
  ended.catch(reject);
  return { sandbox: await promise, ended };
}

/** Until the demo stops, and once more then. */
async function keepRemembering(file: string, sandbox: PersonaDeskSandbox, stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    await pauseUnless(stopping, REMEMBER_EVERY_MS);
    await rememberConversations(file, sandbox.conversations());
  }
}

/**
 * The documented example first, so that `explain conv_123` has something to say, then what ended while the demo was away,
 * then conversations without end. The seed is the moment of the start: what an earlier start made is known by its ids already.
 */
async function sendTraffic(
  sandbox: PersonaDeskSandbox,
  environment: Environment,
  secrets: DemoSecrets,
  missed: readonly WebhookEvent[],
  signal: AbortSignal,
): Promise<void> {
  const intake = `http://127.0.0.1:${environment.ports.intake}`;
  await untilReady(`${intake}/readyz`, signal);
  const sender = createWebhookSender({
    url: `${intake}/webhooks/personadesk/${DEMO.endpointId}`,
    scheme: 'standard-webhooks',
    secret: secrets.webhookSecret.value,
  });
  try {
    for (const event of [exampleEvent(DEMO.tenantId), ...missed]) await sender.send(event, { signal });
    const traffic = { intervalMs: CONVERSATION_EVERY_MS, seed: Date.now(), tenantId: DEMO.tenantId };
    await runDemoTraffic({ sandbox, sender, signal, ...traffic });
  } finally {
    await sender.close();
  }
}

async function untilReady(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await isReady(url))) await pauseUnless(signal, INTAKE_POLL_MS);
}

async function isReady(url: string): Promise<boolean> {
  try {
    const { statusCode, body } = await request(url, { headersTimeout: 2_000, bodyTimeout: 2_000 });
    await body.dump();
    return statusCode === 200;
  } catch {
    // Not listening yet is the usual answer in the first second.
    return false;
  }
}

async function orPortFailure<T>(started: Promise<T>, environment: Environment, name: keyof Ports): Promise<T> {
  try {
    return await started;
  } catch (error) {
    throw portFailure(error, environment.ports[name], name) ?? error;
  }
}
