import type { CrmFailure } from '../../src/domain/crm.ts';
import { describeAnswerSchema, type VendorField, type VendorRecordType } from './answers.ts';
import type { ApiSession } from './api.ts';

/** One object as the integration user sees it: fields he may not see are not in it. */
export interface ObjectSchema {
  readonly name: string;
  readonly createable: boolean;
  readonly fields: ReadonlyMap<string, VendorField>;
  readonly recordTypes: readonly VendorRecordType[];
  /** Our own key field, when it is there and may be written. */
  readonly keyField: VendorField | undefined;
}

type ObjectResult =
  | { readonly kind: 'read'; readonly object: ObjectSchema | undefined }
  | { readonly kind: 'failed'; readonly failure: CrmFailure };

/** An object that the user has no right to is NOT_FOUND; that is an answer too. */
export async function readObject(session: ApiSession, name: string, key: string): Promise<ObjectResult> {
  const answer = await session.send({
    endpoint: 'describe',
    method: 'GET',
    path: `/sobjects/${name}/describe`,
    answer: describeAnswerSchema,
  });
  if (answer.kind === 'failed') {
    return answer.failure.status === 404 ? { kind: 'read', object: undefined } : answer;
  }
  const fields = new Map(answer.body.fields.map((field) => [field.name, field]));
  const keyField = fields.get(key);
  const usable = keyField?.externalId === true && keyField.createable && keyField.updateable;
  return {
    kind: 'read',
    object: {
      name,
      createable: answer.body.createable,
      fields,
      recordTypes: answer.body.recordTypeInfos,
      keyField: usable ? keyField : undefined,
    },
  };
}
