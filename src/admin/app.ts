import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { z } from 'zod';
import type { Store } from '../store/store.ts';
import { authorizePage } from './authorize-page.ts';
import { callbackText } from './services/authorize-text.ts';
import { CALLBACK_PATH, type CallbackParameters, type CallbackResult } from './services/authorize.ts';
import {
  recentConversations,
  type RecentConversation,
  type RecentDependencies,
} from './services/recent-conversations.ts';
import { readStatus } from './services/status.ts';
import { absentAsNull } from './stable-json.ts';
import { statusPage } from './status-page.ts';
import { STYLE_HASH } from './status-page-style.ts';

/** Codes and counts only. */
type AdminLog = (event: string, fields: Readonly<Record<string, string | number>>) => void;

export interface AdminDependencies {
  readonly store: Pick<Store, 'ping'> & {
    readonly connections: Pick<Store['connections'], 'list'>;
    readonly ledger: Pick<Store['ledger'], 'summary'>;
    readonly attempts: Pick<Store['attempts'], 'list'>;
    readonly budget: Pick<Store['budget'], 'today'>;
  };
  /** Reads the ledger rows that changed last; without it the page has no list of conversations. */
  readonly recentRows?: RecentDependencies['recentRows'] | undefined;
  /** Takes a person back in who has signed in at a CRM; without it there is no such page. */
  readonly signIn?: SignInCallback | undefined;
  readonly clock: () => Date;
  /** Served at `/metrics`. */
  readonly registry: Registry;
  readonly log: AdminLog;
}

/** Where CRMs send a person back to after a sign-in. */
interface SignInCallback {
  readonly finish: (parameters: CallbackParameters) => Promise<CallbackResult>;
  /** The name by which a browser may ask for that page from elsewhere; undefined where it runs on this machine. */
  readonly publicHost: string | undefined;
}

const RECENT = 20;
const PING_DEADLINE_MS = 1_000;

/**
 * The admin's HTTP app: the status page at `/`, the same as JSON at `/api/v1/status`, and the health routes. It only reads.
 * There is no sign-in: whoever starts it binds it to the loopback. It listens to nothing by itself.
 */
export function createAdminApp(dependencies: AdminDependencies): Express {
  const app = express().disable('x-powered-by').disable('etag').set('json replacer', absentAsNull);
  app.use(createProtection(dependencies.signIn?.publicHost));
  app.get('/', async (_request, response) => {
    const { status, recent } = await read(dependencies);
    response.type('html').send(statusPage(status, recent));
  });
  app.get('/api/v1/status', async (_request, response) => {
    const { status, recent } = await read(dependencies);
    response.json({ ...status, recent: recent ?? [] });
  });
  if (dependencies.signIn !== undefined) addCallbackRoute(app, dependencies.signIn);
  addHealthRoutes(app, dependencies);
  app.use((_request, response) => {
    response
      .status(404)
      .type('application/problem+json')
      .send(problem(404, 'not_found', 'There is nothing here.'));
  });
  app.use(createErrorHandler(dependencies.log));
  return app;
}

async function read({ store, recentRows, clock }: AdminDependencies) {
  const recent: Promise<readonly RecentConversation[] | undefined> =
    recentRows === undefined
      ? Promise.resolve(undefined)
      : recentConversations(RECENT, { recentRows, attempts: store.attempts });
  const [status, conversations] = await Promise.all([readStatus(store, clock()), recent]);
  return { status, recent: conversations };
}

function addHealthRoutes(app: Express, { store, registry }: AdminDependencies): void {
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.get('/readyz', async (_request, response) => {
    if (await store.ping(PING_DEADLINE_MS)) response.json({ status: 'ready' });
    else response.status(503).type('application/problem+json').send(NOT_READY);
  });
  app.get('/metrics', async (_request, response) => {
    response.type(registry.contentType).send(await registry.metrics());
  });
}

const parameter = z.string().min(1).max(4_096).optional().catch(undefined);
const callbackSchema = z.object({ state: parameter, code: parameter, error: parameter });

function addCallbackRoute(app: Express, { finish }: SignInCallback): void {
  app.get(CALLBACK_PATH, async (request, response) => {
    const { state, code, error } = callbackSchema.parse(request.query);
    const result = await finish({ state, code, error });
    const isDone = result.kind === 'concluded' && result.outcome.kind === 'signed_in';
    response
      .status(isDone ? 200 : 400)
      .type('html')
      .send(authorizePage(callbackText(result)));
  });
}

/** The page loads nothing, runs no script and may be framed by nobody; its one style sheet is known by its hash. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src '${STYLE_HASH}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Besides the headers: only requests that name this machine are answered. A page elsewhere that has its own name resolve
 * to the loopback (DNS rebinding) could otherwise read the status through the browser of whoever runs us. The page after
 * a sign-in, which shows nothing without a state that we made, may be asked for by its public name.
 */
function createProtection(publicHost: string | undefined): RequestHandler {
  return (request, response, next) => {
    response.set({
      'Content-Security-Policy': CONTENT_SECURITY_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
    });
    const isPublic = request.path === CALLBACK_PATH && request.hostname === publicHost;
    if (isPublic || isThisMachine(request.hostname)) next();
    else
      response
        .status(421)
        .type('application/problem+json')
        .send(problem(421, 'wrong_host', 'Ask by this machine’s own name.'));
  };
}

function isThisMachine(host: string | undefined): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host ?? '');
}

const NOT_READY = problem(503, 'store_unavailable', 'The database does not answer.');

function problem(status: number, code: string, detail: string): string {
  return JSON.stringify({ type: 'about:blank', status, code, title: detail, detail });
}

/** Takes the place of Express's own, which prints the error's message. */
function createErrorHandler(log: AdminLog): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const code = codeOf(error);
    log('admin.request_failed', { code });
    const isStore = error instanceof Error && error.name === 'StoreError';
    response
      .status(isStore ? 503 : 500)
      .type('application/problem+json')
      .send(isStore ? NOT_READY : problem(500, 'internal_error', 'The request stopped at a fault of our own.'));
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
