import { z } from 'zod';
import type { ApiRequest } from './api-request.ts';
import { changeableOptions, connectedApp, customField, faultPlan, fieldValues, token } from './control-shapes.ts';
import type { SalesforceSandboxControl } from './control.ts';
import { objectNames } from './object-types.ts';
import { isSnapshot, type OrgSnapshot } from './org-snapshot.ts';
import type { OtherAnswer } from './server.ts';

const prefix = '/_sandbox/';

const objectName = z.enum(objectNames);
const name = z.string().min(1);

const storedOrg = z.custom<OrgSnapshot>(isSnapshot, 'not a snapshot of this sandbox');

const seed = z.object({ type: objectName, records: z.array(fieldValues) });

const merge = z.object({ type: z.enum(['Contact', 'Lead']), keptId: name, lostId: name });

const awaited = z.object({
  type: objectName,
  field: z.string().exactOptional(),
  value: z.string().exactOptional(),
  count: z.coerce.number().int().min(0).default(1),
  timeoutMs: z.coerce.number().int().min(0).max(120_000).default(10_000),
});

/** The control surface over HTTP; null for paths that are not its own. */
export async function answerControlRequest(
  request: ApiRequest,
  control: SalesforceSandboxControl,
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
  readonly control: SalesforceSandboxControl;
  /** Second part of the path: an object's name. */
  readonly type: string | undefined;
  /** Third part of the path: a record's id or a field's name. */
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
    control.editAsPerson(objectName.parse(type), name.parse(id), fieldValues.parse(body)),
  'DELETE records': ({ control, type, id }) => control.deleteAsPerson(objectName.parse(type), name.parse(id)),
  'GET find': ({ control, type, query }) => {
    const { field, value } = z.object({ field: name, value: z.string() }).parse(query);
    return { records: control.findByField(objectName.parse(type), field, value) };
  },
  'POST convert-lead': ({ control, body }) => ({
    contactId: control.convertLead(z.object({ id: name }).parse(body).id),
  }),
  'POST merge': ({ control, body }) => {
    const { type, keptId, lostId } = merge.parse(body);
    control.mergeAsPerson(type, keptId, lostId);
  },
  'POST finish-bulk-jobs': ({ control }) => ({ finished: control.finishBulkJobs() }),
  'GET snapshot': ({ control }) => control.snapshot(),
  'POST restore': ({ control, body }) => control.restore(storedOrg.parse(body)),
  'GET requests': ({ control }) => ({ requests: control.requestLog() }),
  'GET request-counts': ({ control }) => ({ counts: control.requestCounts() }),
  'PATCH options': ({ control, body }) => control.setOptions(changeableOptions.parse(body)),
  'POST spend': ({ control, body }) =>
    control.spendDailyRequests(z.object({ requests: z.number().int().min(0) }).parse(body).requests),
  'POST tokens': ({ control, body }) => control.addToken(token.parse(body)),
  'POST connected-apps': ({ control, body }) => control.addConnectedApp(connectedApp.parse(body)),
  'DELETE tokens': ({ control, body }) => control.revokeToken(token.parse(body).token),
  'POST fields': ({ control, type, body }) => control.addField(objectName.parse(type), customField.parse(body)),
  'DELETE fields': ({ control, type, id }) => control.removeField(objectName.parse(type), name.parse(id)),
  'DELETE field-access': ({ control, type, id, query }) =>
    control.withdrawFieldAccess(
      objectName.parse(type),
      name.parse(id),
      z.enum(['none', 'read']).default('none').parse(query.left),
    ),
  'POST field-access': ({ control, type, id }) => control.restoreFieldAccess(objectName.parse(type), name.parse(id)),
  'POST faults': ({ control, body }) => control.injectFault(faultPlan.parse(body)),
  'DELETE faults': ({ control }) => control.clearFaults(),
  'GET wait': ({ control, query }) => waitForRecords(awaited.parse(query), control),
};

async function waitForRecords(wanted: z.infer<typeof awaited>, control: SalesforceSandboxControl): Promise<unknown> {
  const { type, field, value, count, timeoutMs } = wanted;
  const matching = (): number =>
    control.records(type).filter((record) => !record.deleted && (field === undefined || record.fields[field] === value))
      .length;
  await control.waitFor(() => matching() >= count, timeoutMs);
  return { count: matching() };
}

function json(status: number, body: unknown): OtherAnswer {
  return { status, contentType: 'application/json', text: JSON.stringify(body) };
}
