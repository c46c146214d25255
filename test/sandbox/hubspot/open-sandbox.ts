import { afterEach } from '@jest/globals';
import {
  startHubSpotSandbox,
  type HubSpotSandbox,
  type HubSpotSandboxOptions,
} from '../../../sandbox/hubspot/index.ts';

export const token = 'test-token';

/** An answer of the sandbox; `body` is null when it was empty. */
export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReplyBody;
}

/** The parts of HubSpot's envelopes that tests look at. */
interface ReplyBody {
  readonly [key: string]: unknown;
  readonly id: string;
  readonly message: string;
  readonly category: string;
  readonly properties: Readonly<Record<string, string | null>>;
  readonly results: readonly ReplyRow[];
  readonly errors: readonly ReplyError[];
  readonly context: Readonly<Record<string, readonly string[]>>;
  readonly total: number;
}

interface ReplyRow {
  readonly [key: string]: unknown;
  readonly id: string;
  readonly properties: Readonly<Record<string, string | null>>;
}

interface ReplyError {
  readonly [key: string]: unknown;
  readonly message: string;
  readonly category: string;
  readonly code: string;
  readonly context: Readonly<Record<string, readonly string[]>>;
}

export interface OpenSandbox {
  readonly sandbox: HubSpotSandbox;
  /** Sends a JSON request with the test's token. */
  readonly call: (method: string, path: string, body?: unknown) => Promise<Reply>;
}

const open = new Set<HubSpotSandbox>();

afterEach(async () => {
  await Promise.all([...open].map((sandbox) => sandbox.close()));
  open.clear();
});

/** A sandbox without limits and without search lag, closed after the test; options say otherwise. */
export async function openSandbox(options: Partial<HubSpotSandboxOptions> = {}): Promise<OpenSandbox> {
  const sandbox = await startHubSpotSandbox({
    accessTokens: [{ token }],
    searchLagMs: 0,
    limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
    ...options,
  });
  open.add(sandbox);
  return { sandbox, call: (method, path, body) => send(sandbox.url, method, path, body) };
}

export async function send(url: string, method: string, path: string, body?: unknown, bearer = token): Promise<Reply> {
  const response = await fetch(url + path, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
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

/** Makes a property with unique values, as a connector does when it is set up. */
export async function makeUniqueProperty({ call }: OpenSandbox, type: string, name = 'pd_key'): Promise<void> {
  const groupName = { contacts: 'contactinformation', calls: 'call', notes: 'note', tasks: 'task' }[type];
  const definition = { name, label: name, type: 'string', fieldType: 'text', groupName, hasUniqueValue: true };
  const { status } = await call('POST', `/crm/v3/properties/${type}`, definition);
  if (status !== 201) throw new Error(`the property was not made: ${status}`);
}
