import type { CrmFailure, FieldValues, PersonQuery, PersonWrite, WriteResult } from '../../src/domain/crm.ts';
import { normaliseEmail } from '../../src/domain/caller.ts';
import { parseNumber } from '../../src/domain/phone.ts';
import type { AccountShape, WrittenMemory } from './account-shape.ts';
import type { ApiSession } from './api.ts';
import { writeRecords } from './batch-write.ts';
import { createPeople } from './create-people.ts';
import { lookUpPeople } from './look-up-people.ts';
import { KEY_PROPERTIES, MARKETING_STATUS } from './properties.ts';
import type { Judgement } from './verify-candidates.ts';
import { writeWithoutKey, type Sighting } from './write-without-key.ts';

const KEY = KEY_PROPERTIES.contacts;

const NON_MARKETING: FieldValues = { [MARKETING_STATUS]: 'false' };

/** What writing people goes by. */
export interface PeopleWriting {
  readonly shape: AccountShape;
  readonly written: WrittenMemory;
  readonly defaultCountry: string;
  readonly phoneFields: readonly string[];
}

/** Known people are updated by id, which puts our key on them; others are created, or met by that key. */
export async function upsertPeople(
  session: ApiSession,
  writes: readonly PersonWrite[],
  writing: PeopleWriting,
): Promise<readonly WriteResult[]> {
  const keyed = !writing.shape.unkeyed.has('contacts');
  const known = writes.flatMap((write) => (write.ref === undefined ? [] : [{ write, id: write.ref.id }]));
  const unknown = writes.filter(({ ref }) => ref === undefined);
  const [updated, created] = await Promise.all([
    writeRecords(
      session,
      KEY,
      known.map(({ write, id }) => ({ by: 'id', id, properties: keyed ? withKey(write) : write.fields })),
    ),
    keyed ? createByKey(session, unknown, writing.shape) : createUnlessFound(session, unknown, writing),
  ]);
  const results = new Map<PersonWrite, WriteResult | undefined>();
  known.forEach(({ write }, index) => results.set(write, updated[index]));
  unknown.forEach((write, index) => results.set(write, created[index]));
  return writes.flatMap((write) => results.get(write) ?? []);
}

/** Whom the look-up did not find is usually new. Whoever is there all the same keeps what they have. */
function createByKey(
  session: ApiSession,
  writes: readonly PersonWrite[],
  shape: AccountShape,
): Promise<readonly WriteResult[]> {
  const people = writes.map((write) => ({ key: write.key, properties: withKey(write) }));
  return createPeople(session, people, shape.marksNonMarketing ? NON_MARKETING : {});
}

/**
 * Without the person key, somebody is created only after a search that found nobody, and is known from then on.
 *
 * A person that the search does find was not there when the plan was made: it is looked at again rather than overwritten.
 */
function createUnlessFound(
  session: ApiSession,
  writes: readonly PersonWrite[],
  writing: PeopleWriting,
): Promise<readonly WriteResult[]> {
  const judgement: Judgement = {
    defaultCountry: writing.defaultCountry,
    phoneFields: writing.phoneFields,
    fields: [],
    hasKey: false,
  };
  return writeWithoutKey(session, 'contacts', writes, {
    written: writing.written,
    onlyNew: writing.shape.marksNonMarketing ? NON_MARKETING : {},
    lookFor: async (unseen) => {
      const queries = unseen.map((write) => queryOf(write, writing.defaultCountry));
      const searches = await lookUpPeople(session, queries, judgement);
      return searches.map((search): Sighting => {
        if (search.kind === 'could_not_check') return { kind: 'refused', failure: search.failure };
        return search.candidates.length === 0 ? { kind: 'absent' } : { kind: 'refused', failure: personExists() };
      });
    },
  });
}

/** Who a write is about, as a look-up asks for it. */
function queryOf({ key, fields }: PersonWrite, defaultCountry: string): PersonQuery {
  const number = key.startsWith('tel:') ? parseNumber(key.slice('tel:'.length), defaultCountry) : undefined;
  const address = key.startsWith('mailto:') ? key.slice('mailto:'.length) : fields.email;
  const phone = number?.kind === 'number' ? { e164: number.e164, national: number.national } : undefined;
  return { key, phone, email: normaliseEmail(address) };
}

function withKey({ key, fields }: PersonWrite): FieldValues {
  return { ...fields, [KEY.name]: key };
}

function personExists(): CrmFailure {
  return {
    disposition: 'resolve',
    code: 'hubspot.PERSON_EXISTS',
    status: undefined,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}
