import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordRef, RelatedAnswer, RelatedKind } from '../../../src/domain/crm.ts';
import { connectOrg, type ConnectedOrg } from './connected-org.ts';

type Kind = RelatedKind<'salesforce'>;

const ALL: readonly Kind[] = ['account', 'opportunity', 'case'];
const OPEN = { StageName: 'Proposal', CloseDate: '2027-01-01' };
const LOST = { StageName: 'Closed Lost', CloseDate: '2026-01-01' };

let org: ConnectedOrg;
/** The org's clock: what is written later was changed later. */
let now = Date.now();

beforeEach(async () => {
  org = await connectOrg({ sandbox: { now: () => now } });
});
afterEach(() => org.stop());

describe('what belongs to a contact', () => {
  it('is his account, the open opportunities he has a role in and his open cases, newest change first', async () => {
    const AccountId = one('Account', { Name: 'Acme' });
    const person = contact({ AccountId });
    const older = one('Opportunity', { Name: 'A', AccountId, ...OPEN });
    const newer = one('Opportunity', { Name: 'B', AccountId, ...OPEN });
    const lost = one('Opportunity', { Name: 'C', AccountId, ...LOST });
    one('Opportunity', { Name: 'of a colleague', AccountId, ...OPEN });
    for (const OpportunityId of [older, newer, lost]) role(OpportunityId, person);
    role(newer, person);
    const oldCase = one('Case', { ContactId: person.id });
    const newCase = one('Case', { ContactId: person.id });
    one('Case', { ContactId: person.id, Status: 'Closed' });
    one('Case', { AccountId });
    expect(refs(await related(person, ALL))).toEqual([
      ['account', 'Account', AccountId],
      ['opportunity', 'Opportunity', newer],
      ['opportunity', 'Opportunity', older],
      ['case', 'Case', newCase],
      ['case', 'Case', oldCase],
    ]);
    expect(org.requests).toHaveLength(1);
  });

  it('says when each was changed, in UTC', async () => {
    const AccountId = one('Account', { Name: 'Acme' });
    const person = contact({ AccountId });
    role(one('Opportunity', { Name: 'A', ...OPEN }), person);
    one('Case', { ContactId: person.id });
    const answer = await related(person, ALL);
    const times = answer?.kind === 'checked' ? answer.records.map(({ modifiedAt }) => modifiedAt) : [];
    expect(times).toHaveLength(3);
    for (const time of times) expect(time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.000Z$/);
  });

  it('without any role it is the open opportunities of his account', async () => {
    const AccountId = one('Account', { Name: 'Acme' });
    const open = one('Opportunity', { Name: 'A', AccountId, ...OPEN });
    one('Opportunity', { Name: 'B', AccountId, ...LOST });
    const person = contact({ AccountId });
    expect(refs(await related(person, ['opportunity']))).toEqual([['opportunity', 'Opportunity', open]]);
  });

  it('is only what was asked for', async () => {
    const person = contact({ AccountId: one('Account', { Name: 'Acme' }) });
    const opened = one('Case', { ContactId: person.id });
    expect(refs(await related(person, ['case']))).toEqual([['case', 'Case', opened]]);
  });
});

it('a lead has none, a contact that is gone has none, and neither costs a call of its own', async () => {
  const lead = { object: 'Lead', id: one('Lead', { LastName: 'Max', Company: 'M' }) };
  expect(await related(lead, ALL)).toEqual({ kind: 'checked', records: [] });
  expect(org.requests).toHaveLength(0);
  const gone = contact({});
  org.sandbox.deleteAsPerson('Contact', gone.id);
  expect(await related(gone, ALL)).toEqual({ kind: 'checked', records: [] });
  expect(await related({ object: 'Contact', id: "x'" }, ALL)).toEqual({ kind: 'checked', records: [] });
});

it('a hundred people are one call, each with what is his', async () => {
  const people = Array.from({ length: 100 }, (_, index) =>
    contact({ AccountId: one('Account', { Name: `A${index}` }) }),
  );
  const cases = people.map(({ id }) => one('Case', { ContactId: id }));
  const answers = await org.connector.findRelated(
    people.map((person) => ({ person, kinds: ALL })),
    org.context,
  );
  expect(org.requests).toMatchObject([{ endpoint: 'composite-query' }]);
  expect(answers.map((answer) => refs(answer)?.at(-1)?.at(-1))).toEqual(cases);
});

it('an object that the user may not see fails those who asked for it, and reads no schema again', async () => {
  org.sandbox.setOptions({ hiddenObjects: ['Case'] });
  const person = contact({ AccountId: one('Account', { Name: 'Acme' }) });
  const answers = await org.connector.findRelated(
    [
      { person, kinds: ['case'] },
      { person, kinds: ['account'] },
    ],
    org.context,
  );
  expect(answers).toMatchObject([
    { kind: 'could_not_check', failure: { disposition: 'fix_mapping', code: 'salesforce.INVALID_TYPE' } },
    { kind: 'checked', records: [{ kind: 'account' }] },
  ]);
  expect(org.requests).toHaveLength(1);
});

it('an org that does not answer says nothing about what belongs to whom', async () => {
  const person = contact({});
  org.sandbox.injectFault({ match: { path: '/composite' }, times: 1, fault: { kind: 'html-502' } });
  expect(await related(person, ALL)).toMatchObject({ kind: 'could_not_check', failure: { disposition: 'retry' } });
});

function one(type: Parameters<ConnectedOrg['sandbox']['seedRecords']>[0], fields: Record<string, string>): string {
  now += 1_000;
  const [id] = org.sandbox.seedRecords(type, [fields]);
  if (id === undefined) throw new Error('nothing was seeded');
  return id;
}

function contact(fields: Record<string, string>): RecordRef {
  return { object: 'Contact', id: one('Contact', { LastName: 'Zoe', ...fields }) };
}

function role(OpportunityId: string, { id: ContactId }: RecordRef): void {
  one('OpportunityContactRole', { OpportunityId, ContactId });
}

async function related(person: RecordRef, kinds: readonly Kind[]): Promise<RelatedAnswer | undefined> {
  return (await org.connector.findRelated([{ person, kinds }], org.context))[0];
}

function refs(answer: RelatedAnswer | undefined): readonly (readonly string[])[] | undefined {
  if (answer?.kind !== 'checked') return undefined;
  return answer.records.map(({ kind, ref }) => [kind, ref.object, ref.id]);
}
