import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import { openStore } from '../../src/store/store.ts';
import { openCredentials } from '../connectors/credentials/open-credentials.ts';

/** What the process is started with, as JSON in its first argument. */
export interface TokenProcessOptions {
  readonly databaseUrl: string;
  /** Base64. */
  readonly masterKey: string;
  readonly connectionId: string;
  readonly access: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** How many ask for a token at once. */
  readonly callers: number;
}

/** Asks for an access token as of this time, milliseconds since the epoch. */
export interface TokenRequest {
  readonly nowMs: number;
}

/** What each caller got: a token, or the code of the failure. */
export type TokenReply = readonly { readonly token?: string; readonly failure?: string }[];

const argument: unknown = JSON.parse(process.argv[2] ?? '');
const { databaseUrl, masterKey, connectionId, access, secrets, callers } = argument as TokenProcessOptions; // our own parent's
let now = new Date(0);
const store = openStore({
  databaseUrl,
  masterKeys: { current: Buffer.from(masterKey, 'base64'), previous: [] },
  clock: () => now,
  poolSize: 3,
});
const transport = createHttpTransport();
const tokens = openCredentials({ access, connectionId, secrets, tokens: store.tokens, transport, now: () => now });

async function ask(): Promise<TokenReply[number]> {
  try {
    return { token: await tokens.accessToken() };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : 'unknown' };
  }
}

async function answer({ nowMs }: TokenRequest): Promise<void> {
  now = new Date(nowMs);
  const reply: TokenReply = await Promise.all(Array.from({ length: callers }, ask));
  process.send?.(reply);
}

process.on('message', (request) => void answer(request as TokenRequest)); // our own parent's
process.on('disconnect', () => void Promise.all([store.close(), transport.close()]));
process.send?.('ready');
