import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { explainConversation } from '../../src/admin/services/explain.ts';
import { explanationText } from '../../src/admin/services/explain-text.ts';
import type { RowOutcome } from '../../src/domain/ledger.ts';
import {
  applyTenant,
  at,
  connectionId,
  conversationId,
  NOW,
  openTestStore,
  SYNCED,
  tenantOf,
  waitingUntil,
  type TestStore,
} from '../store/open-test-store.ts';
import { REFUSED_TRACE, settle } from './seed.ts';

const REFUSED: RowOutcome = {
  ...SYNCED,
  state: 'failed',
  reason: 'crm_refused_mapping',
  vendorCode: 'hubspot.INVALID_OPTION',
  attempts: 1,
  failingSince: NOW,
};

describe('explaining a conversation', () => {
  let opened: TestStore;

  beforeAll(async () => {
    opened = await openTestStore();
    const { store } = opened;
    await applyTenant(store, tenantOf('ten_acme', ['acme-1', 'acme-2']));
    const acme = { tenant: 'ten_acme', conversation: 'conv_1' };
    const written = { person: { object: 'contacts', id: '5123' }, activity: undefined, task: undefined };
    await settle(store, { ...acme, connection: 'acme-1' }, REFUSED, { trace: REFUSED_TRACE, written, calls: 2 });
    await settle(store, { ...acme, conversation: 'conv_2', connection: 'acme-2' }, waitingUntil(at(90)));
  });
  afterAll(() => opened.close());

  const explain = (conversation: string, connection?: string) =>
    explainConversation(
      {
        conversationId: conversationId(conversation),
        connectionId: connection === undefined ? undefined : connectionId(connection),
      },
      opened.store,
    );

  async function text(conversation: string, connection: string): Promise<string> {
    const [explained] = await explain(conversation, connection);
    if (explained === undefined) throw new Error('nothing to explain');
    return explanationText(explained, at(30));
  }

  it('tells every connection of the tenant, or the one that is asked for', async () => {
    expect((await explain('conv_1')).map((one) => one.connectionId)).toEqual(['acme-1', 'acme-2']);
    expect((await explain('conv_1', 'acme-2')).map((one) => one.state)).toEqual(['in_progress']);
  });

  it('is empty for a conversation nobody has heard of', async () => {
    expect(await explain('conv_unknown')).toEqual([]);
  });

  it('begins with the answer, and says why, who acts and how', async () => {
    const lines = (await text('conv_1', 'acme-1')).split('\n');
    expect(lines[0]).toBe('conv_1 at acme-1: ✗ failed');
    expect(lines[1]).toContain(
      'The CRM refused a field that the mapping writes. (crm_refused_mapping, hubspot.INVALID_OPTION)',
    );
    expect(lines[2]).toContain('a CRM admin: Correct the mapping or the CRM field, then retry.');
  });

  it('shows the number as written and as understood, the candidates and the rule that chose', async () => {
    const shown = await text('conv_1', 'acme-1');
    expect(shown).toContain('"(555) 123-4567" -> +15551234567');
    expect(shown).toContain('contacts 5123, matched by mobilephone');
    expect(shown).toContain('contacts 77, matched by phone');
    expect(shown).toContain('Rule: 2 candidates; one carries our person key');
  });

  it('shows each field with its value before and after, the mode and the decision', async () => {
    const shown = await text('conv_1', 'acme-1');
    expect(shown).toMatch(/person +firstname +"Zoe" +"Zoë" +fill if empty +keep what is there/);
    expect(shown).toMatch(/person +lifecyclestage +- +"lead" +only on create +write/);
    expect(shown).toContain('hubspot-default-3');
    expect(shown).toContain('the status "weird" is not known');
  });

  it('shows the refusal with code, field and the words of the CRM, and every call with status and duration', async () => {
    const shown = await text('conv_1', 'acme-1');
    expect(shown).toContain(
      'hubspot.INVALID_OPTION, fix_mapping, status 400, field hs_call_disposition; the CRM said "Hot was not one of the allowed options"\n              A field does not take the value.\n',
    );
    expect(shown).toMatch(/search +200 +120 ms/);
    expect(shown).toMatch(/batch-upsert +no answer +15\.0 s/);
    expect(shown).toContain('(shared by a batch of 3 conversations)');
  });

  it('shows who owns the record, what else it is on, by which rule, and what was left out', async () => {
    const shown = await text('conv_1', 'acme-1');
    expect(shown).toMatch(/Owner +call: 8801 \(agent ag_12 is mapped to this owner\)/);
    expect(shown).toMatch(/Also on +deals 31 \(2 of kind deal; the one changed last \(policy\)\)/);
    expect(shown).toMatch(/Also on +nothing \(the person has no open ticket\)/);
    expect(shown).toMatch(/Left out +activity: not put on deals 31 \(hubspot\.OBJECT_NOT_FOUND\)/);
  });

  it('shows what was written, the events that came and the attempts that were made', async () => {
    const shown = await text('conv_1', 'acme-1');
    expect(shown).toMatch(/In the CRM +contacts 5123/);
    expect(shown).toMatch(/Event +2026-03-02T09:00:00\.000Z {2}conversation\.completed/);
    expect(shown).toMatch(/Attempt +2026-03-02T09:00:02\.000Z \(28\.0 s ago\) {2}failed, crm_refused_mapping, 2 calls/);
  });

  it('says when a waiting conversation is due', async () => {
    const shown = await text('conv_2', 'acme-2');
    expect(shown).toContain('conv_2 at acme-2: ◷ waiting');
    expect(shown).toMatch(/Due +2026-03-02T09:01:30\.000Z \(in 1 min\)/);
    expect(shown).toContain('1 attempt in a row');
  });

  it('lets no control character out of a conversation reach the terminal', async () => {
    const shown = await text('conv_1', 'acme-1');
    expect(shown).toContain('"Call  [31mred next line"');
    expect(shown).not.toContain('\u001b');
  });
});
