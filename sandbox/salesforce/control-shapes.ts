import { z } from 'zod';
import { errorCodes } from './error-codes.ts';
import { objectNames } from './object-types.ts';

const object = z.enum(objectNames);
const headers = z.record(z.string(), z.string()).readonly();
const ms = z.number().min(0);
const text = z.string().min(1);

export const fieldValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

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

/** A fault and the requests that meet it. */
export const faultPlan = z.object({
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

export const customField = z.strictObject({
  name: text,
  label: text.exactOptional(),
  type: z
    .enum(['string', 'phone', 'email', 'textarea', 'datetime', 'double', 'boolean', 'url', 'date'])
    .exactOptional(),
  length: z.number().int().min(1).exactOptional(),
  externalId: z.boolean().exactOptional(),
  unique: z.boolean().exactOptional(),
  caseSensitive: z.boolean().exactOptional(),
});

const duplicateRule = z.strictObject({
  object,
  alsoAgainst: z.array(object).exactOptional(),
  fields: z.array(text),
  action: z.enum(['alert', 'block']),
});

const validationRule = z.strictObject({
  object,
  field: text,
  matches: z.string(),
  message: text,
  code: z.enum(errorCodes).exactOptional(),
  times: z.number().int().min(1).exactOptional(),
});

/** The options that may be changed from another process. */
export const changeableOptions = z.strictObject({
  refreshTokenRotation: z.boolean().exactOptional(),
  consent: z.enum(['allow', 'deny', 'ask']).exactOptional(),
  signedInUserId: text.exactOptional(),
  latencyMs: ms.exactOptional(),
  searchLagMs: ms.exactOptional(),
  dailyRequests: z.number().int().min(0).nullable().exactOptional(),
  newestApiVersion: z.number().int().min(46).exactOptional(),
  taskTypeField: z.boolean().exactOptional(),
  taskExternalIdField: text.nullable().exactOptional(),
  taskExternalIdUnique: z.boolean().exactOptional(),
  personKeyField: text.nullable().exactOptional(),
  hiddenObjects: z.array(object).exactOptional(),
  requiredByAdmin: z.partialRecord(object, z.array(text)).exactOptional(),
  duplicateRules: z.array(duplicateRule).exactOptional(),
  validationRules: z.array(validationRule).exactOptional(),
  assignmentRules: z.strictObject({ Lead: text.exactOptional(), Case: text.exactOptional() }).exactOptional(),
  archiveAfterDays: z.number().int().min(0).nullable().exactOptional(),
  bulkApi: z.enum(['on', 'off']).exactOptional(),
  bulkJobMs: ms.nullable().exactOptional(),
  bulkFailAfterRows: z.number().int().min(0).nullable().exactOptional(),
  bulkUploadBytes: z.number().int().min(0).exactOptional(),
  bulkBatchesPerDay: z.number().int().min(0).exactOptional(),
  queryPageSize: z.number().int().min(1).exactOptional(),
  taskSubtypeOnUpdate: z.enum(['refuse', 'accept']).exactOptional(),
  upsertSingleAnswer: z.literal([200, 204]).exactOptional(),
  unreadableRow: z.enum(['call', 'row']).exactOptional(),
  timestampForDate: z.enum(['refuse', 'cut']).exactOptional(),
  deletedReference: z.enum(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY']).exactOptional(),
  duplicateResultKey: z.enum(['duplicateResult', 'duplicateResut']).exactOptional(),
  inactiveOwner: z.enum(['INACTIVE_OWNER_OR_USER', 'INVALID_CROSS_REFERENCE_KEY']).exactOptional(),
  personAccounts: z.boolean().exactOptional(),
  personContactUpdate: z.enum(['refuse', 'accept']).exactOptional(),
  phoneSearch: z.enum(['tokens', 'digits']).exactOptional(),
  bulkLineBreaks: z.enum(['declared', 'any']).exactOptional(),
});

export const token = z.object({
  token: text,
  userId: text.exactOptional(),
  expiresAt: z.number().exactOptional(),
});

export const connectedApp = z.strictObject({
  clientId: text,
  clientSecret: text.exactOptional(),
  runAs: text.exactOptional(),
  certificate: text.exactOptional(),
  callbackUrls: z.array(text).exactOptional(),
  refreshTokens: z.array(z.strictObject({ token: text, userId: text })).exactOptional(),
});
