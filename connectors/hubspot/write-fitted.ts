import { isDeepStrictEqual } from 'node:util';
import type { CrmFailure, FieldValues, WriteResult } from '../../src/domain/crm.ts';
import type { AccountProperties } from './account-properties.ts';
import type { ApiSession } from './api.ts';
import { noResult } from './batch-write.ts';
import { fitOptions, fitUnseen, type Fit } from './fit-options.ts';
import { inOtherForm } from '../schema/in-other-form.ts';
import type { WrittenObject } from './properties.ts';

interface Writable {
  readonly fields: FieldValues;
}

export interface FittedWriting<W extends Writable> {
  /** Absent for an account that was not looked at yet. */
  readonly properties: AccountProperties | undefined;
  /** For reading properties: a refusal there must not end the session of the writes. */
  readonly openSession: () => ApiSession;
  readonly objectOf: (write: W) => WrittenObject;
  /** One result per write, in their order. */
  readonly send: (writes: readonly W[]) => Promise<readonly WriteResult[]>;
}

interface FittedWrite<W> {
  readonly write: W;
  readonly fit: Fit;
}

/**
 * Writes records with their values fitted to the account's options. What is refused because the account is not what it
 * was is fitted to what it is now, and sent once more if that changes it: nothing was written of it before.
 *
 * Where the properties cannot be read, HubSpot judges.
 */
export async function writeFitted<W extends Writable>(
  writes: readonly W[],
  writing: FittedWriting<W>,
): Promise<readonly WriteResult[]> {
  const { properties, objectOf, send } = writing;
  const fitted = await fitAll(writes, writing);
  const results = await sendFitting(fitted, send);

  const doubtful = fitted.filter((_, index) => showsOtherAccount(results[index]));
  const objects = new Set(doubtful.map(({ write }) => objectOf(write)));
  const readAgain = new Set([...objects].filter((object) => properties?.doubt(object) === true));
  const before = doubtful.filter(({ write }) => readAgain.has(objectOf(write)));
  const after = await fitAll(
    before.map(({ write }) => write),
    writing,
  );
  const changed = after.filter(({ fit }, index) => !isDeepStrictEqual(fit, before[index]?.fit));
  const resent = await sendFitting(changed, send);
  const newResults = new Map(changed.map(({ write }, index) => [write, resent[index]]));
  return fitted.map(({ write }, index) => newResults.get(write) ?? results[index] ?? refused(noResult()));
}

async function fitAll<W extends Writable>(
  writes: readonly W[],
  { properties, objectOf, openSession }: FittedWriting<W>,
): Promise<readonly FittedWrite<W>[]> {
  const objects = [...new Set(writes.map(objectOf))];
  const readings = new Map(
    await Promise.all(objects.map(async (object) => [object, await properties?.get(object, openSession())] as const)),
  );
  return writes.map((write) => {
    const object = objectOf(write);
    const reading = readings.get(object);
    const { fields } = write;
    return {
      write,
      fit: reading?.kind === 'read' ? fitOptions(object, fields, reading.properties) : fitUnseen(fields),
    };
  });
}

async function sendFitting<W extends Writable>(
  fitted: readonly FittedWrite<W>[],
  send: FittedWriting<W>['send'],
): Promise<readonly WriteResult[]> {
  const fitting = fitted.flatMap(({ write, fit }) =>
    fit.kind === 'fits'
      ? [
          {
            write: { ...write, fields: fit.fields },
            warnings: fit.warnings,
            stored: inOtherForm(write.fields, fit.fields),
          },
        ]
      : [],
  );
  const sent = (fitting.length === 0 ? [] : await send(fitting.map(({ write }) => write))).values();
  const told = fitting.map((each) => withRemarks(sent.next().value, each)).values();
  return fitted.map(({ fit }) =>
    fit.kind === 'unfit' ? refused(fit.failure) : (told.next().value ?? refused(noResult())),
  );
}

function withRemarks(
  result: WriteResult | undefined,
  { warnings, stored }: { readonly warnings: readonly string[]; readonly stored: FieldValues },
): WriteResult {
  if (result === undefined) return refused(noResult());
  if (result.kind === 'refused') return result;
  return {
    ...result,
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(Object.keys(stored).length === 0 ? {} : { stored }),
  };
}

/** What a record is refused for when somebody has changed the account's properties since they were read. */
const CODES_OF_ANOTHER_ACCOUNT: ReadonlySet<string> = new Set([
  'hubspot.INVALID_OPTION',
  'hubspot.PROPERTY_DOESNT_EXIST',
]);

function showsOtherAccount(result: WriteResult | undefined): boolean {
  return result?.kind === 'refused' && CODES_OF_ANOTHER_ACCOUNT.has(result.failure.code);
}

function refused(failure: CrmFailure): WriteResult {
  return { kind: 'refused', failure };
}
