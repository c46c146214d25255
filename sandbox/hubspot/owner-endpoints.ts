import type { Answer, Call } from './endpoint.ts';
import type { Owner } from './options.ts';
import { invalid, notFound, Refusal } from './refusal.ts';

/** Owners one page holds at most (HubSpot's owners guide). */
const maxPage = 500;

/** `GET /crm/.../owners`: filter by `email`, `archived`, pages by `limit` and `after`. */
export function listOwners(call: Call): Answer {
  const { query } = call;
  const limit = Number(query.get('limit') ?? '100');
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage) {
    throw new Refusal(invalid(`limit must be from 1 to ${maxPage}.`));
  }
  const archived = query.get('archived') === 'true';
  const email = query.get('email')?.toLowerCase();
  const owners = call.account.options.owners.filter(
    (owner) => owner.archived === archived && (email === undefined || owner.email.toLowerCase() === email),
  );
  const offset = Number(query.get('after') ?? '0');
  const next = offset + limit;
  return {
    status: 200,
    body: {
      results: owners.slice(offset, next).map((owner) => showOwner(owner)),
      ...(next < owners.length ? { paging: { next: { after: String(next) } } } : {}),
    },
  };
}

/** `GET /crm/.../owners/{id}`: by owner id, or by user id with `idProperty=userId`. */
export function readOwner(call: Call): Answer {
  const byUserId = call.query.get('idProperty') === 'userId';
  const archived = call.query.get('archived') === 'true';
  const owner = call.account.options.owners.find(
    (each) => each.archived === archived && (byUserId ? String(each.userId) : each.id) === call.path('id'),
  );
  if (owner === undefined) throw new Refusal(notFound());
  return { status: 200, body: showOwner(owner) };
}

/** `GET /account-info/.../details`. */
export function readAccount(call: Call): Answer {
  const { portalId, timeZone, companyCurrency, now } = call.account.options;
  const utcOffsetMilliseconds = offsetOf(timeZone, now());
  return {
    status: 200,
    body: {
      portalId,
      accountType: 'DEVELOPER_TEST',
      timeZone,
      companyCurrency,
      additionalCurrencies: [],
      utcOffset: formatOffset(utcOffsetMilliseconds),
      utcOffsetMilliseconds,
      uiDomain: 'localhost',
      dataHostingLocation: 'na1',
    },
  };
}

function showOwner(owner: Owner): Record<string, unknown> {
  const { id, email, firstName, lastName, userId, archived } = owner;
  const stamp = '2024-01-15T09:00:00.000Z';
  return {
    id,
    email,
    type: 'PERSON',
    firstName,
    lastName,
    // The user behind an archived owner is gone: only the id it had is told.
    ...(archived ? {} : { userId }),
    userIdIncludingInactive: userId,
    createdAt: stamp,
    updatedAt: stamp,
    archived,
  };
}

function offsetOf(timeZone: string, at: number): number {
  const named = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts(at)
    .find((part) => part.type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(named ?? '') ?? [];
  const amount = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? -amount : amount;
}

function formatOffset(milliseconds: number): string {
  const minutes = Math.abs(milliseconds) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${milliseconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
