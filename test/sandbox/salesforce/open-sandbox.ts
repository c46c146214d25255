import { afterEach } from '@jest/globals';
import {
  startSalesforceSandbox,
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
} from '../../../sandbox/salesforce/index.ts';

export const token = 'test-token';
export const base = '/services/data/v67.0';
export const conversationId = 'PersonaDesk_Conversation_Id__c';
export const personKey = 'PersonaDesk_Person_Key__c';

/** An answer of the sandbox; `body` is null when it was empty. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReplyBody;
}

/** The parts of Salesforce's answers that tests look at; an error's or a collection's body is a list. */
interface ReplyBody {
  readonly [key: string]: unknown;
  readonly [row: number]: ReplyRow;
  readonly id: string;
  readonly totalSize: number;
  readonly records: readonly Readonly<Record<string, unknown>>[];
  readonly searchRecords: readonly Readonly<Record<string, unknown>>[];
  readonly compositeResponse: readonly ReplyPart[];
}

interface ReplyRow {
  readonly [key: string]: unknown;
  readonly id: string;
  readonly success: boolean;
  readonly errorCode: string;
  readonly message: string;
  readonly fields: readonly string[];
  readonly errors: readonly {
    readonly statusCode: string;
    readonly message: string;
    readonly fields: readonly string[];
  }[];
}

interface ReplyPart {
  readonly httpStatusCode: number;
  readonly referenceId: string;
  readonly body: ReplyBody;
}

export type Headed = Readonly<Record<string, string>>;

export interface OpenSandbox {
  readonly sandbox: SalesforceSandbox;
  /** Sends a JSON request with the test's token; a path without a version is below {@link base}. */
  readonly call: (method: string, path: string, body?: unknown, headers?: Headed) => Promise<Reply>;
  readonly query: (soql: string, resource?: string) => Promise<Reply>;
}

const open = new Set<SalesforceSandbox>();

afterEach(async () => {
  await Promise.all([...open].map((sandbox) => sandbox.close()));
  open.clear();
});

/** A sandbox without search lag and assignment rules, closed after the test; options say otherwise. */
export async function openSandbox(options: Partial<SalesforceSandboxOptions> = {}): Promise<OpenSandbox> {
  const sandbox = await startSalesforceSandbox({
    accessTokens: [{ token }],
    searchLagMs: 0,
    assignmentRules: {},
    ...options,
  });
  open.add(sandbox);
  return {
    sandbox,
    call: (method, path, body, headers) => send(sandbox.url, method, path, body, headers),
    query: (soql, resource = 'query') => send(sandbox.url, 'GET', `/${resource}?q=${encodeURIComponent(soql)}`),
  };
}

export async function send(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Headed = {},
): Promise<Reply> {
  const response = await fetch(url + (path.startsWith('/services') ? path : base + path), {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  // Tests assert what they read; an absent part fails them there.
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? null : JSON.parse(text)) as ReplyBody,
  };
}

/** Status and code of a refusal: what most tests are about. */
export const refusal = ({ status, body }: Reply): readonly [number, string] => [status, body[0]?.errorCode ?? ''];

/** The first seeded record's id. */
export function seedOne(
  sandbox: SalesforceSandbox,
  type: Parameters<SalesforceSandbox['seedRecords']>[0],
  fields: Parameters<SalesforceSandbox['seedRecords']>[1][number],
): string {
  const [id] = sandbox.seedRecords(type, [fields]);
  if (id === undefined) throw new Error('nothing was seeded');
  return id;
}
