import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordLink } from '../../src/admin/record-link.ts';
import {
  chooseForConversation,
  forgetChoice,
  type ChoiceDependencies,
  type ChoiceRequest,
} from '../../src/admin/services/review-choice.ts';
import { choiceText, forgetText, reviewBlocks, reviewedText } from '../../src/admin/services/review-text.ts';
import { listForReview, showForReview } from '../../src/admin/services/review.ts';
import type { ConnectionConfiguration } from '../../src/domain/configuration.ts';
import type { CrmFailure, PersonRead, RecordRef } from '../../src/domain/crm.ts';
import {
  applyTenant,
  at,
  connectionId,
  conversationId,
  openTestStore,
  restingIn,
  SYNCED,
  tenantId,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { REFUSED_TRACE, settle } from './seed.ts';

const ACME = { tenant: 'ten_acme', connection: 'acme-1' };
const FAILURE: CrmFailure = {
  disposition: 'retry',
  code: 'network.refused',
  status: undefined,
  retryAfterMs: undefined,
  field: undefined,
  vendorText: undefined,
};
const AMBIGUOUS = {
  ...REFUSED_TRACE,
  lookUp: { ...REFUSED_TRACE.lookUp, outcome: 'ambiguous', rule: '2 candidates; policy: review' },
};

let opened: TestStore;
let woken: string[];
/** What the CRM was asked for, and answers. */
let crm: { readonly asked: RecordRef[]; answer: PersonRead | undefined };

beforeEach(async () => {
  opened = await openTestStore();
  woken = [];
  crm = { asked: [], answer: undefined };
  await applyTenant(opened.store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
  const trace = AMBIGUOUS;
  await settle(opened.store, { ...ACME, conversation: 'conv_old' }, restingIn('needs_review'), { trace });
  await settle(opened.store, { ...ACME, conversation: 'conv_bare' }, restingIn('needs_review'));
  await settle(opened.store, { ...ACME, conversation: 'conv_done' }, SYNCED, { trace });
});
afterEach(() => opened.close());

function dependencies(more: Partial<ChoiceDependencies> = {}): ChoiceDependencies {
  const readPeople = (refs: readonly RecordRef[]) => {
    crm.asked.push(...refs);
    return Promise.resolve(refs.map((ref): PersonRead => crm.answer ?? { kind: 'present', ref, fields: {} }));
  };
  return {
    ...opened.store,
    connectorFor: () => ({ readPeople, quota: () => [] }),
    budgetFor: () =>
      Promise.resolve({
        gate: { leave: () => Promise.resolve(undefined) },
        settle: () => Promise.resolve(),
      }),
    wake: (id) => Promise.resolve(void woken.push(id)),
    now: () => at(60),
    ...more,
  };
}

function choose(conversation: string, request: Partial<ChoiceRequest> = {}, more: Partial<ChoiceDependencies> = {}) {
  return chooseForConversation(
    {
      conversationId: conversationId(conversation),
      connectionId: connectionId('acme-1'),
      by: 'dana',
      decision: { action: 'skip' },
      always: false,
      ...request,
    },
    dependencies(more),
  );
}

const record = (object: string, id: string) => ({ decision: { action: 'choose', ref: { object, id } } as const });

function forget(conversation: string) {
  const request = { conversationId: conversationId(conversation), connectionId: connectionId('acme-1'), by: 'sam' };
  return forgetChoice(request, dependencies());
}

async function inReview(connection?: string) {
  const list = await listForReview(
    { connectionId: connection === undefined ? undefined : connectionId(connection) },
    opened.store,
  );
  if (list.kind !== 'listed') throw new Error('there is such a connection');
  return list;
}

describe('the review inbox', () => {
  it('lists what waits, oldest first, with the number masked and the candidates', async () => {
    await opened.sql(
      `update ledger set first_heard_at = first_heard_at - interval '1 day' where conversation_id = 'conv_old'`,
    );
    const { total, items } = await inReview();
    expect([total, items.map((item) => item.conversationId)]).toEqual([2, ['conv_old', 'conv_bare']]);
    expect(items[0]).toMatchObject({
      connectionId: 'acme-1',
      reason: { code: 'ambiguous_caller' },
      maskedNumber: '+1 555 ***4567',
      rule: '2 candidates; policy: review',
      candidates: [
        { ref: { object: 'contacts', id: '5123' }, matchedBy: 'mobilephone', link: undefined },
        { ref: { object: 'contacts', id: '77' }, matchedBy: 'phone', link: undefined },
      ],
    });
    expect(items[1]).toMatchObject({ maskedNumber: undefined, candidates: [] });
    const [answer, shown = ''] = reviewBlocks({ kind: 'listed', total, items }, at(60));
    expect(answer).toBe('2 conversations wait for a person to choose.');
    expect(shown.split('\n').map((line) => line.trim().replaceAll(/ {2,}/g, ' | '))).toEqual([
      'conversation | connection | heard of | number | why | candidate | matched by | link',
      'conv_old | acme-1 | 24 h ago | +1 555 ***4567 | ambiguous_caller | contacts:5123 | mobilephone',
      'contacts:77 | phone',
      'conv_bare | acme-1 | 1 min ago | - | ambiguous_caller | -',
    ]);
    expect(shown).not.toContain('5551234567');
  });

  it('is empty at another connection, says when nothing waits, and knows no connection that is not there', async () => {
    const empty = await inReview('acme-2');
    expect(reviewBlocks(empty, at(60))).toEqual(['No conversation waits for a person.']);
    expect(await listForReview({ connectionId: connectionId('nowhere') }, opened.store)).toEqual({
      kind: 'unknown_connection',
      connectionId: 'nowhere',
    });
  });

  it('shows one conversation with all that was chosen at it, and by whom', async () => {
    await choose('conv_old', { ...record('contacts', '77'), always: true });
    await forget('conv_old');
    const request = { conversationId: conversationId('conv_old'), connectionId: connectionId('acme-1') };
    const [reviewed] = await showForReview(request, opened.store);
    if (reviewed === undefined) throw new Error('it is in the ledger');
    expect(reviewedText(reviewed, at(60)).split('\n')).toEqual([
      'conv_old at acme-1: ▸ due',
      '',
      'Chosen so far',
      '  2026-03-02T09:01:00.000Z  sam: forget, for every conversation of the caller',
      '  2026-03-02T09:01:00.000Z  dana: choose contacts:77, for every conversation of the caller',
    ]);
    const waiting = { conversationId: conversationId('conv_bare'), connectionId: undefined };
    const shown = (await showForReview(waiting, opened.store)).map((one) => reviewedText(one, at(60)));
    expect(shown[0]).toContain('conv_bare at acme-1: ? needs review');
    const unknown = { conversationId: conversationId('conv_never'), connectionId: undefined };
    expect(await showForReview(unknown, opened.store)).toEqual([]);
  });

  it('links to the record where the base URL is that of a Salesforce org', () => {
    const link = (crm: string, baseUrl: string) =>
      recordLink({ crm, baseUrl } as ConnectionConfiguration, { object: 'Contact', id: '003A' }); // all that it reads
    expect(link('salesforce', 'https://acme.my.salesforce.com')).toBe('https://acme.my.salesforce.com/003A');
    expect(link('salesforce', 'https://acme--uat.sandbox.my.salesforce.com')).toBe(
      'https://acme--uat.sandbox.my.salesforce.com/003A',
    );
    expect(link('salesforce', 'http://127.0.0.1:4011')).toBeUndefined();
    expect(link('hubspot', 'https://api.hubapi.com')).toBeUndefined();
  });
});

describe('choosing for a conversation', () => {
  it('notes the choice, makes the conversation due as a retry, and wakes its connection', async () => {
    const result = await choose('conv_old', record('contacts', '77'));
    expect(result).toEqual({
      kind: 'chosen',
      connectionId: 'acme-1',
      ...record('contacts', '77'),
      always: false,
      isNew: true,
      woken: true,
    });
    expect(woken).toEqual(['acme-1']);
    const [row] = await opened.store.ledger.find(conversationId('conv_old'), connectionId('acme-1'));
    expect(row).toMatchObject({ state: 'due', priority: 3, askedBy: 'retry', dueAt: at(60) });
    // A candidate was there when it was found; the delivery looks once more.
    expect(crm.asked).toEqual([]);
    expect(choiceText(conversationId('conv_old'), result)).toBe(
      'conv_old goes to contacts:77 at acme-1. It is due again now.',
    );
  });

  it('stands when Temporal is away', async () => {
    const result = await choose('conv_old', {}, { wake: () => Promise.reject(new Error('late')) });
    expect(result).toMatchObject({ kind: 'chosen', woken: false });
    expect((await opened.store.ledger.find(conversationId('conv_old')))[0]?.state).toBe('due');
  });

  it('takes a record that is no candidate when the CRM has it, as what it became', async () => {
    crm.answer = { kind: 'present', ref: { object: 'contacts', id: '900' }, fields: {} };
    const result = await choose('conv_old', record('Contacts', '899'));
    expect(result).toMatchObject({ kind: 'chosen', ...record('contacts', '900') });
    expect(crm.asked).toEqual([{ object: 'contacts', id: '899' }]);
  });

  it('for always holds for the caller, and is taken back', async () => {
    const result = await choose('conv_old', { always: true });
    expect(choiceText(conversationId('conv_old'), result)).toBe(
      'conv_old is skipped at acme-1. It is due again now. All later conversations of this caller are treated alike.',
    );
    const forgotten = await forget('conv_old');
    expect(forgetText(conversationId('conv_old'), forgotten)).toBe(
      'What was chosen for conv_old and its caller at acme-1 no longer counts.',
    );
    expect(forgetText(conversationId('conv_old'), await forget('conv_old'))).toBe(
      'Nothing is chosen for conv_old or its caller at acme-1.',
    );
  });

  const impossible: readonly (readonly [string, Partial<ChoiceRequest>, string, PersonRead?])[] = [
    ['conv_never', {}, 'acme-1 has not heard of conv_never.'],
    ['conv_never', { connectionId: undefined }, 'No connection has heard of conv_never.'],
    ['conv_done', {}, 'conv_done does not wait for a person at acme-1: it is synced.'],
    [
      'conv_bare',
      { always: true },
      'Nothing is known to recognise later conversations of this caller by; choose for conv_bare alone, without --always.',
    ],
    ['conv_old', record('deals', '31'), 'deals holds no people in this CRM: choose a record of contacts.'],
    ['conv_old', record('contacts', '404'), 'There is no contacts:404 in the CRM.', { kind: 'gone' }],
    [
      'conv_old',
      record('contacts', '1'),
      'The CRM could not be asked for contacts:1 (network.refused). Nothing listens at the address of the CRM.',
      { kind: 'could_not_check', failure: FAILURE },
    ],
  ];

  it.each(impossible)('%s with %j is answered by a sentence and changes nothing', async (...impossibility) => {
    const [id, request, text, read] = impossibility;
    crm.answer = read;
    const result = await choose(id, request);
    expect(choiceText(conversationId(id), result)).toBe(text);
    expect(await opened.sql('select 1 from caller_choices')).toEqual([]);
    expect(woken).toEqual([]);
  });

  it('asks for the connection only when several wait for an answer', async () => {
    const id = conversationId('conv_old');
    // The second connection of the tenant has heard of it too, but does not wait.
    expect(await choose('conv_old', { connectionId: undefined })).toMatchObject({
      kind: 'chosen',
      connectionId: 'acme-1',
    });
    await opened.sql(`update ledger set state = 'needs_review', reason = 'ambiguous_caller', due_at = null`);
    const result = await choose('conv_old', { connectionId: undefined });
    expect(result).toMatchObject({ kind: 'several_connections' });
    expect(choiceText(id, result)).toBe('conv_old is known at acme-1 and acme-2: say which with --connection.');
  });
});

it('a choice of one tenant is out of reach for the connection of another', async () => {
  await applyTenant(opened.store, tenantOf('ten_other', ['other-1']));
  await choose('conv_old', { always: true });
  const asked = [
    {
      conversationId: conversationId('conv_old'),
      caller: REFUSED_TRACE.caller?.kind === 'identified' ? REFUSED_TRACE.caller.key : undefined,
    },
  ];
  const inForce = (tenant: string, connection: string) =>
    opened.store.choices.inForce(tenantId(tenant), connectionId(connection), asked);
  expect((await inForce('ten_acme', 'acme-1')).size).toBe(1);
  expect((await inForce('ten_other', 'other-1')).size).toBe(0);
});
