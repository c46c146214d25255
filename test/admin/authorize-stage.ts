import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import type { AccessTokens } from '../../connectors/credentials/access-tokens.ts';
import { openAccessTokens } from '../../connectors/credentials/open-access-tokens.ts';
import { openSignIn } from '../../connectors/credentials/open-sign-in.ts';
import { createHttpTransport, type HttpTransport } from '../../connectors/transport/http-transport.ts';
import { startHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/index.ts';
import { startSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/index.ts';
import { createAdminApp } from '../../src/admin/app.ts';
import {
  beginAuthorization,
  CALLBACK_PATH,
  finishAuthorization,
  type BegunSignIn,
} from '../../src/admin/services/authorize.ts';
import type { Connection } from '../../src/domain/connection.ts';
import { startTokenEndpoint, type TokenEndpoint } from '../connectors/credentials/token-endpoint.ts';
import {
  applyTenant,
  connectionId,
  NOW,
  openTestStore,
  tenantId,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';

/** What the browser shows in the end. */
interface Page {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

type Begun = Extract<BegunSignIn, { kind: 'begun' }>;
export const TENANT = tenantId('ten_acme');

/** The admin on a real store, between stand-ins for both CRMs that know its callback address. */
export interface AuthorizeStage {
  readonly opened: TestStore;
  readonly hubspot: HubSpotSandbox;
  readonly salesforce: SalesforceSandbox;
  /** A token endpoint that answers as a test says. */
  readonly scripted: TokenEndpoint;
  readonly adminUrl: string;
  readonly redirectUri: string;
  readonly logged: readonly string[];
  /** Configures one connection, in the place of all before. */
  configure(crm: 'hubspot' | 'salesforce', more?: ConnectionMore): Promise<void>;
  begin(options?: { readonly replace?: boolean; readonly redirectUri?: string }): Promise<Begun>;
  /** Opens an address as a browser does, and follows where it is sent. */
  open(url: string): Promise<Page>;
  /** Where the vendor sends the browser back to. */
  consent(url: string): Promise<string>;
  /** The connection's tokens, as a process that has just started has them. */
  tokens(): Promise<AccessTokens>;
  accessToken(): Promise<string>;
  connection(): Promise<Connection>;
  close(): Promise<void>;
}

interface ConnectionMore {
  readonly baseUrl?: string;
  /** Parts of `oauth`. */
  readonly oauth?: Readonly<Record<string, unknown>>;
  /** In the place of `oauth`. */
  readonly credentials?: object;
}

export const ID = connectionId('acme-crm');

export async function openAuthorizeStage(): Promise<AuthorizeStage> {
  const opened = await openTestStore();
  const { store } = opened;
  await store.secrets.put(TENANT, 'client', 'sandbox-client-secret');
  await store.secrets.put(TENANT, 'refresh', 'configured');
  const transport = createHttpTransport({ totalTimeoutMs: 2_000 });
  const now = () => opened.clock.now;
  const signInFor = meansOf(opened, transport);
  const logged: string[] = [];
  const app = createAdminApp({
    store,
    signIn: {
      finish: (parameters) => finishAuthorization(parameters, { ...store, signInFor, now }),
      publicHost: 'sync.example.com',
    },
    clock: now,
    registry: new Registry(),
    log: (event, fields) => logged.push(`${event} ${JSON.stringify(fields)}`),
  });
  const server = createServer(app);
  const adminUrl = await listen(server);
  const redirectUri = `${adminUrl}${CALLBACK_PATH}`;
  const [hubspot, salesforce, scripted] = await startCrms(redirectUri);
  const addresses = { hubspot: hubspot.url, salesforce: salesforce.url };

  async function get(url: string): Promise<Response> {
    return fetch(url, { redirect: 'manual', headers: { connection: 'close' } });
  }
  async function consent(url: string): Promise<string> {
    const answer = await get(url);
    const location = answer.headers.get('location');
    const text = await answer.text();
    if (location === null) throw new Error(`the CRM sent nobody back: ${text}`);
    return location;
  }
  async function connection(): Promise<Connection> {
    const found = await store.connections.get(ID);
    if (found === undefined) throw new Error('the connection is not there');
    return found;
  }
  async function tokens(): Promise<AccessTokens> {
    const { configuration } = await connection();
    const secret = (reference: Parameters<typeof store.secrets.resolve>[1]) => store.secrets.resolve(TENANT, reference);
    const found = openAccessTokens(configuration, { tenantId: TENANT, tokens: store.tokens, secret, transport, now });
    if (found === undefined) throw new Error('the connection has no tokens');
    return found;
  }
  return {
    opened,
    hubspot,
    salesforce,
    scripted,
    adminUrl,
    redirectUri,
    logged,
    consent,
    connection,
    configure: async (crm, { baseUrl = addresses[crm], oauth = {}, credentials } = {}) => {
      const app = { clientId: 'sandbox-client-id', clientSecret: { stored: 'client' }, ...oauth };
      const connections = [{ id: ID, crm, baseUrl, credentials: credentials ?? { oauth: app } }];
      await applyTenant(store, tenantOf('ten_acme', [], { connections }));
    },
    begin: async ({ replace = false, redirectUri: named = redirectUri } = {}) => {
      const begun = await beginAuthorization(
        { connectionId: ID, replace, redirectUri: named },
        { ...store, signInFor, now },
      );
      if (begun.kind !== 'begun') throw new Error(`no sign-in began: ${begun.kind}`);
      return begun;
    },
    open: async (url) => {
      const answer = await get(url);
      const location = answer.headers.get('location');
      const final = location === null ? answer : await get(location);
      return { status: final.status, headers: final.headers, text: await final.text() };
    },
    tokens,
    accessToken: async () => (await tokens()).accessToken(),
    close: async () => {
      await Promise.all([hubspot.close(), salesforce.close(), scripted.close(), transport.close()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await opened.close();
    },
  };
}

function meansOf({ store, clock }: TestStore, transport: HttpTransport) {
  return ({ tenantId: tenant, configuration }: Connection) =>
    openSignIn(configuration, {
      secret: (reference) => store.secrets.resolve(tenant, reference),
      transport,
      now: () => clock.now,
    });
}

function startCrms(redirectUri: string): Promise<[HubSpotSandbox, SalesforceSandbox, TokenEndpoint]> {
  const client = { clientId: 'sandbox-client-id', clientSecret: 'sandbox-client-secret' };
  const scopes = ['oauth', 'crm.objects.contacts.read', 'crm.objects.contacts.write'];
  const schemas = ['crm.schemas.contacts.read', 'crm.schemas.contacts.write'];
  const app = { redirectUris: [redirectUri], scopes: [...scopes, ...schemas], optionalScopes: [] };
  const now = () => NOW.getTime();
  return Promise.all([
    startHubSpotSandbox({ now, apps: [{ ...client, ...app, refreshTokens: ['configured'] }] }),
    startSalesforceSandbox({ now, connectedApps: [{ ...client, callbackUrls: [redirectUri] }] }),
    startTokenEndpoint({ refreshToken: 'configured' }),
  ]);
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on a port has an address with one.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
