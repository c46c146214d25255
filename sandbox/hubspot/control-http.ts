import { z } from 'zod';
import { isSnapshot, type AccountSnapshot } from './account-snapshot.ts';
import type { ApiRequest } from './api-request.ts';
import type { HubSpotSandboxControl } from './control.ts';
import { objectTypes, type ObjectTypeName } from './object-types.ts';
import type { OtherAnswer } from './server.ts';

const prefix = '/_sandbox/';

const objectName = z.custom<ObjectTypeName>((name) => typeof name === 'string' && Object.hasOwn(objectTypes, name));
const values = z.record(z.string(), z.string());
const headers = z.record(z.string(), z.string()).readonly();
const ms = z.number().min(0);
const name = z.string().min(1);

const answerFault = { status: z.number().int(), body: z.unknown().exactOptional(), headers: headers.exactOptional() };

const fault = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('status'), ...answerFault }),
  z.object({ kind: z.literal('apply-then-status'), ...answerFault }),
  z.object({ kind: z.literal('reset') }),
  z.object({ kind: z.literal('apply-then-reset') }),
  z.object({ kind: z.literal('stall'), ms }),
  z.object({ kind: z.literal('stall-body'), ms }),
  z.object({ kind: z.literal('delay'), ms }),
  z.object({ kind: z.literal('html-502') }),
]);

const faultPlan = z.object({
  match: z
    .object({
      method: z.string().exactOptional(),
      path: z.string().exactOptional(),
      body: z.string().exactOptional(),
      nth: z.number().int().min(1).exactOptional(),
    })
    .default({}),
  times: z.number().int().min(1).exactOptional(),
  fault,
});

const limit = z.number().int().min(0).nullable().exactOptional();

const options = z.strictObject({
  latencyMs: ms.exactOptional(),
  consent: z.enum(['allow', 'deny', 'ask']).exactOptional(),
  refreshTokenRotation: z.boolean().exactOptional(),
  searchLagMs: ms.exactOptional(),
  limits: z.strictObject({ perTenSeconds: limit, searchPerSecond: limit, perDay: limit }).exactOptional(),
  apiVersions: z.array(z.string()).exactOptional(),
  partialSuccessStatus: z.literal([207, 200]).exactOptional(),
  unknownPropertyOnWrite: z.enum(['reject', 'ignore']).exactOptional(),
  concurrentUpsertOfOneKey: z.enum(['one-wins', '409', '423']).exactOptional(),
  uniquePropertiesOnActivities: z.boolean().exactOptional(),
  phoneOnlyContact: z.enum(['accept', 'reject']).exactOptional(),
  marketingStatusOnWrite: z.enum(['reject', 'accept']).exactOptional(),
  mergedIdInBatchRead: z.enum(['absent', 'follow']).exactOptional(),
  associationScopes: z.enum(['either', 'both']).exactOptional(),
  closeDateOfReopenedTicket: z.enum(['clear', 'keep']).exactOptional(),
  requiredByAdmin: z.record(z.string(), z.array(z.string())).exactOptional(),
});

const token = z.object({
  token: z.string().min(1),
  scopes: z.array(z.string()).exactOptional(),
  expiresAt: z.number().exactOptional(),
  mayEditAssociations: z.boolean().exactOptional(),
});

const snapshot = z.custom<AccountSnapshot>(isSnapshot, 'not a snapshot of this sandbox');

const record = z.object({ type: objectName, id: name });

const link = z.object({ from: record, to: record, primary: z.boolean().default(false) });

const propertyOptions = z.object({ options: z.array(z.object({ value: name, label: name })) });

const seed = z.object({ type: objectName, records: z.array(values) });

const awaited = z.object({
  type: objectName,
  property: z.string().exactOptional(),
  value: z.string().exactOptional(),
  count: z.coerce.number().int().min(0).default(1),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
});

/** The control surface over HTTP; null for paths that are not its own. */
export async function answerControlRequest(
  request: ApiRequest,
  control: HubSpotSandboxControl,
): Promise<OtherAnswer | null> {
  if (!request.url.pathname.startsWith(prefix)) return null;
  const [noun = '', type, id] = request.url.pathname.slice(prefix.length).split('/').map(decodeURIComponent);
  const action = actions[`${request.method} ${noun}`];
  if (action === undefined) return json(404, { error: 'unknown path' });
  try {
    const body: unknown = request.text === '' ? {} : JSON.parse(request.text);
    const query = Object.fromEntries(request.url.searchParams);
    return json(200, (await action({ control, type, id, body, query })) ?? { ok: true });
  } catch (error) {
    // Wrong input of a test or a person: the reason goes back to them.
    if (error instanceof z.ZodError) return json(400, { error: z.prettifyError(error) });
    return json(400, { error: error instanceof Error ? error.message : 'failed' });
  }
}

interface ActionInput {
  readonly control: HubSpotSandboxControl;
  /** Second part of the path: an object's name. */
  readonly type: string | undefined;
  /** Third part of the path: a record's id or a property's name. */
  readonly id: string | undefined;
  readonly body: unknown;
  readonly query: Readonly<Record<string, string>>;
}

/** What each method and noun does; nothing answered means "done". */
const actions: Readonly<Record<string, (input: ActionInput) => unknown>> = {
  'POST reset': ({ control }) => control.reset(),
  'POST seed': ({ control, body }) => {
    const { type, records } = seed.parse(body);
    return { ids: control.seedRecords(type, records) };
  },
  'GET records': ({ control, type }) => ({ records: control.records(objectName.parse(type)) }),
  'PATCH records': ({ control, type, id, body }) =>
    control.editAsPerson(objectName.parse(type), name.parse(id), values.parse(body)),
  'DELETE records': ({ control, type, id }) => control.deleteAsPerson(objectName.parse(type), name.parse(id)),
  'POST merge': ({ control, body }) => {
    const { keptId, lostId } = z.object({ keptId: name, lostId: name }).parse(body);
    control.mergeAsPerson(keptId, lostId);
  },
  'POST links': ({ control, body }) => {
    const { from, to, primary } = link.parse(body);
    control.linkAsPerson(from, to, { primary });
  },
  'GET snapshot': ({ control }) => control.snapshot(),
  'POST restore': ({ control, body }) => control.restore(snapshot.parse(body)),
  'GET find': ({ control, type, query }) => {
    const { property, value } = z.object({ property: name, value: z.string() }).parse(query);
    return { records: control.findByProperty(objectName.parse(type), property, value) };
  },
  'GET requests': ({ control }) => ({ requests: control.requestLog() }),
  'GET request-counts': ({ control }) => ({ counts: control.requestCounts() }),
  'PATCH options': ({ control, body }) => control.setOptions(options.parse(body)),
  'POST tokens': ({ control, body }) => control.addToken(token.parse(body)),
  'DELETE tokens': ({ control, body }) => control.revokeToken(token.parse(body).token),
  'PUT property-options': ({ control, type, id, body }) =>
    control.setPropertyOptions(objectName.parse(type), name.parse(id), propertyOptions.parse(body).options),
  'DELETE properties': ({ control, type, id }) => control.removeProperty(objectName.parse(type), name.parse(id)),
  'POST faults': ({ control, body }) => control.injectFault(faultPlan.parse(body)),
  'DELETE faults': ({ control }) => control.clearFaults(),
  'GET wait': ({ control, query }) => waitForRecords(awaited.parse(query), control),
};

async function waitForRecords(wanted: z.infer<typeof awaited>, control: HubSpotSandboxControl): Promise<unknown> {
  const { type, property, value, count, timeoutMs } = wanted;
  const matching = (): number =>
    control
      .records(type)
      .filter((record) => !record.archived && (property === undefined || record.properties[property] === value)).length;
  await control.waitFor(() => matching() >= count, timeoutMs);
  return { count: matching() };
}

function json(status: number, body: unknown): OtherAnswer {
  return { status, contentType: 'application/json', text: JSON.stringify(body) };
}
