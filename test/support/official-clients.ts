import { PassThrough } from 'node:stream';
import {
  BasicApi,
  BatchApi,
  createConfiguration,
  ResponseContext,
  SearchApi,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import type { Connection, OAuth2 } from 'jsforce';
import type { HttpRequest, HttpResponse } from 'jsforce/lib/types/common.js';
import type { StreamPromise } from 'jsforce/lib/util/promise.js';
import { sendForClient, TransportRefusal, type OfficialTransportOptions } from './official-transport.ts';

/** The generated APIs of HubSpot's official client, unmodified, over our transport. */
export interface OfficialHubSpot {
  readonly basicApi: BasicApi;
  readonly batchApi: BatchApi;
  readonly searchApi: SearchApi;
}

export function createOfficialHubSpot(
  options: OfficialTransportOptions & { readonly accessToken: string },
): OfficialHubSpot {
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(options.origin, {}),
    authMethods: { oauth2: { accessToken: options.accessToken } },
    httpApi: wrapHttpLibrary({
      send: async (request) => {
        const body: unknown = request.getBody();
        const {
          status,
          headers,
          body: text,
        } = await sendForClient(
          {
            url: request.getUrl(),
            method: request.getHttpMethod(),
            headers: request.getHeaders(),
            body: textOf(body),
          },
          options,
        );
        const bytes = () => Promise.resolve(Buffer.from(text));
        return new ResponseContext(status, { ...headers }, { text: () => Promise.resolve(text), binary: bytes });
      },
    }),
  });
  return {
    basicApi: new BasicApi(configuration),
    batchApi: new BatchApi(configuration),
    searchApi: new SearchApi(configuration),
  };
}

export interface OfficialSalesforceOptions extends OfficialTransportOptions {
  readonly accessToken: string;
  /** Gives another access token when one was refused; may reject. */
  readonly renew?: () => Promise<string>;
}

/** The client takes its proxy from the environment when it is loaded, for addresses of this machine as well. */
const PROXY_VARIABLES = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'] as const;

async function loadJsforce() {
  for (const name of PROXY_VARIABLES) Reflect.deleteProperty(process.env, name);
  // Its promise class is declared at the root and absent there at run time.
  const [jsforce, { StreamPromise: Streamed }] = await Promise.all([
    import('jsforce'),
    import('jsforce/lib/util/promise.js'),
  ]);
  return { ...jsforce, Streamed };
}

/** jsforce's connection, unmodified, over our transport. */
export async function createOfficialSalesforce(options: OfficialSalesforceOptions): Promise<Connection> {
  const { Connection: JsforceConnection, Streamed } = await loadJsforce();
  const { origin: instanceUrl, accessToken, renew } = options;
  const connection = new JsforceConnection({
    instanceUrl,
    accessToken,
    version: '67.0',
    ...(renew === undefined
      ? {}
      : {
          // A rejection that leaves the function is nobody's, and the call would wait for ever.
          refreshFn: (_connection, done) => {
            renew().then(
              (token) => void done(null, token),
              (error: unknown) => void done(error instanceof Error ? error : new Error('no access token')),
            );
          },
        }),
  });
  connection._transport = createJsforceTransport(options, Streamed);
  return connection;
}

/** jsforce's OAuth client, unmodified, over our transport. */
export async function createOfficialOAuth(
  config: ConstructorParameters<typeof OAuth2>[0],
  options: OfficialTransportOptions,
): Promise<OAuth2> {
  const { OAuth2: JsforceOAuth2, Streamed } = await loadJsforce();
  const oauth = new JsforceOAuth2({ loginUrl: options.origin, ...config });
  oauth._transport = createJsforceTransport(options, Streamed);
  return oauth;
}

type JsforceTransport = Connection['_transport'];

function createJsforceTransport(options: OfficialTransportOptions, Streamed: typeof StreamPromise): JsforceTransport {
  /** Requests that were refused for their token; the client sends the very same object again. */
  const refused = new WeakSet<HttpRequest>();

  async function send(request: HttpRequest): Promise<HttpResponse> {
    refuseUnsafeRecord(request);
    const { url, method, headers = {}, body } = request;
    const answer = await sendForClient({ url, method, headers, body: textOf(body) }, options);
    if (answer.status === 401) {
      // The client renews and sends again for as long as it is answered 401.
      if (refused.has(request)) throw new TransportRefusal('answer_refused', 'unauthorized_again', 401);
      refused.add(request);
    }
    return { statusCode: answer.status, headers: { ...answer.headers }, body: answer.body };
  }
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- the class has no state: this is all that the client asks of it
  return {
    httpRequest: (request) => Streamed.create(() => ({ stream: new PassThrough(), promise: send(request) })),
    getRequestStreamCreator: () => {
      throw new TransportRefusal('refused', 'stream');
    },
  };
}

/**
 * The client puts an external id into the address as it stands: `/`, `?` and `%` would lead to another record. Rows of a
 * collection carry theirs in the body.
 */
function refuseUnsafeRecord({ url, method }: HttpRequest): void {
  if (method !== 'PATCH') return;
  const record = /\/services\/data\/v[\d.]+\/sobjects\/(.*)$/s.exec(url)?.[1];
  if (record !== undefined && !/^\w+(\/\w+)?\/[A-Za-z0-9_.:-]+$/.test(record)) {
    throw new TransportRefusal('refused', 'unsafe_path');
  }
}

/** Both clients are used for JSON and forms only. */
function textOf(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  throw new TransportRefusal('refused', 'body');
}
