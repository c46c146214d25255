import type { PersonWrite, WriteResult } from '../../src/domain/crm.ts';
import { failure } from './classify.ts';
import { failureCode } from './codes.ts';
import type { Collection, Payload } from './collections.ts';
import { ESSENTIAL, PERSON_OBJECTS, type CreatedAs, type PersonObject } from './fields.ts';
import { fitFields, type Operation } from './fit-fields.ts';
import type { ObjectSchema } from './object-schema.ts';
import { accountKeys, toAccountFields } from './person-account-fields.ts';
import { RECORD_TYPE, recordTypeId } from './record-types.ts';
import { notAccessible, type Schema } from './schema.ts';
import { storedKey } from './stored-key.ts';

/** A person to be written, and whether our key goes along: never over somebody else's. */
export interface Intent {
  readonly write: PersonWrite;
  readonly withKey: boolean;
  /** The account of a contact that is a person account: its data is written there. */
  readonly accountId: string | null;
}

/** A person on the way: what is sent, and as what the result is told. */
export interface Ready {
  readonly kind: 'ready';
  readonly intent: Intent;
  readonly toldAs: PersonObject;
  readonly essential: ReadonlySet<string>;
  readonly collection: Collection;
  readonly payload: Payload;
  readonly warnings: readonly string[];
}

type Refused = Extract<WriteResult, { kind: 'refused' }>;

/** What a record is made of, before it is known to fit. */
interface Draft {
  readonly described: ObjectSchema;
  readonly toldAs: PersonObject;
  readonly fields: PersonWrite['fields'];
  /** The id of the record to update; absent for one that is found by its key, or created. */
  readonly id: string | undefined;
  readonly keys: Payload;
  readonly essential: ReadonlySet<string>;
}

/** Makes a person's fields fit the object he is, or is to be, kept as. */
export function preparePerson(schema: Schema, intent: Intent, createAs: CreatedAs): Ready | Refused {
  const { write } = intent;
  if (intent.accountId !== null || (write.ref === undefined && createAs === 'PersonAccount')) {
    return ready(intent, personAccountDraft(schema, intent));
  }
  const object = write.ref === undefined ? createAs : write.ref.object;
  const name = PERSON_OBJECTS.find((each) => each === object);
  if (name === undefined) return refused('bug', 'NOT_A_PERSON');
  const described = schema.people[name];
  if (described === undefined) return { kind: 'refused', failure: notAccessible(name) };
  const { keyField } = described;
  const keys =
    keyField === undefined || !intent.withKey ? {} : { [keyField.name]: storedKey(write.key, keyField.length) };
  const essential = ESSENTIAL[name];
  return ready(intent, { described, toldAs: name, fields: write.fields, id: write.ref?.id, keys, essential });
}

function personAccountDraft({ personAccounts }: Schema, { write, withKey, accountId }: Intent): Draft | Refused {
  if (personAccounts === undefined) return refused('fix_mapping', 'NO_PERSON_ACCOUNTS');
  const fields = toAccountFields(personAccounts.account, write.fields);
  // What makes a new account a person; without it the account would be a company without a name.
  const type = recordTypeId(personAccounts.account, fields[RECORD_TYPE] ?? '') ?? personAccounts.recordTypeId;
  if (accountId === null && type === undefined) return refused('fix_mapping', 'NO_PERSON_ACCOUNTS');
  return {
    described: personAccounts.account,
    toldAs: 'Contact',
    fields: accountId === null ? { ...fields, [RECORD_TYPE]: type ?? '' } : fields,
    id: accountId ?? undefined,
    keys: withKey ? accountKeys(personAccounts.account, write.key) : {},
    essential: ESSENTIAL.PersonAccount,
  };
}

function ready(intent: Intent, draft: Draft | Refused): Ready | Refused {
  if ('kind' in draft) return draft;
  const { described, toldAs, id, keys, essential } = draft;
  const collection = collectionFor(described, id);
  const fit = fitFields(described, draft.fields, collection.kind, essential);
  if (fit.kind === 'unfit') return { kind: 'refused', failure: fit.failure };
  const payload = {
    attributes: { type: described.name },
    ...(id === undefined ? {} : { Id: id }),
    ...fit.values,
    ...keys,
  };
  return { kind: 'ready', intent, toldAs, essential, collection, payload, warnings: fit.warnings };
}

function collectionFor({ name, keyField }: ObjectSchema, id: string | undefined): Collection & { kind: Operation } {
  if (id !== undefined) return { kind: 'update' };
  return keyField === undefined ? { kind: 'create' } : { kind: 'upsert', object: name, key: keyField.name };
}

function refused(disposition: 'bug' | 'fix_mapping', code: string): Refused {
  return { kind: 'refused', failure: failure(disposition, failureCode(code)) };
}
