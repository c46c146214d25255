import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CrmFailure, FieldValues, LinkResult, LinkWrite, RecordRef, WriteResult } from '../../src/domain/crm.ts';
import { NOTHING_WRITTEN, type RelatedPlan, type WrittenRecords } from '../../src/domain/plan.ts';
import { apply } from '../../src/delivery/apply.ts';
import type { Planned } from '../../src/delivery/steps.ts';
import { plannedAs } from './planned.ts';

const context = { signal: new AbortController().signal };
const PERSON: RecordRef = { object: 'contacts', id: '9' };
const deal = (id: string): RecordRef => ({ object: 'deals', id });
const link = (ref: RecordRef): RelatedPlan => ({ action: 'link', ref, rule: 'test' });

function refusal(disposition: CrmFailure['disposition'], status?: number): CrmFailure {
  return {
    disposition,
    code: `test.${disposition}`,
    status,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}

/** Plans a call and a task of a known person, put on these records. */
function planned(related: readonly RelatedPlan[], written: WrittenRecords = NOTHING_WRITTEN): Planned {
  const title = { field: 'title', from: undefined, to: 'Hello', mode: 'overwrite', decision: 'write' } as const;
  const record = { action: 'upsert', changes: [title], owner: { ownerId: undefined, rule: 'test' }, related } as const;
  const plan = { activity: { ...record, key: 'a', kind: 'call' }, task: { ...record, key: 't' } } as const;
  return plannedAs(plan, { person: PERSON, written });
}

/** A CRM that keeps what it is on as a set of links, and refuses as told. */
class Crm {
  readonly links: string[] = [];
  readonly linkCalls: (readonly LinkWrite[])[] = [];
  readonly written: unknown[] = [];
  refuse: (write: LinkWrite) => CrmFailure | undefined = () => undefined;
  takesAlong = false;
  linkedTo: RecordRef | undefined;
  warnings: readonly string[] = [];
  stored: FieldValues | undefined;

  readonly upsertPeople = () => Promise.reject(new Error('nobody is to be written'));
  readonly upsertActivities = this.#upsert('calls');
  readonly upsertTasks = this.#upsert('tasks');

  readonly link = (writes: readonly LinkWrite[]): Promise<readonly LinkResult[]> => {
    this.linkCalls.push(writes);
    return Promise.resolve(
      writes.map((write): LinkResult => {
        const failure = this.refuse(write);
        if (failure !== undefined) return { kind: 'refused', failure };
        this.links.push(`${write.from.object} ${write.to.object} ${write.to.id}`);
        return { kind: 'linked' };
      }),
    );
  };

  #upsert(object: string) {
    return (writes: readonly { readonly key: string; readonly related?: readonly RecordRef[] | undefined }[]) => {
      this.written.push(...writes);
      return Promise.resolve(
        writes.map(({ key, related = [] }): WriteResult => {
          const ref = { object, id: key };
          const written = {
            kind: 'written',
            ref,
            created: true,
            linkedTo: this.linkedTo,
            warnings: this.warnings,
            stored: this.stored,
          } as const;
          if (!this.takesAlong) return written;
          this.links.push(...related.slice(0, 1).map((to) => `${object} ${to.object} ${to.id}`));
          return { ...written, relatedTo: related.slice(0, 1) };
        }),
      );
    };
  }
}

describe('applying a plan', () => {
  it('puts call and task on the person and on the deal in one call, and remembers it', async () => {
    const crm = new Crm();
    const [applied] = await apply(crm, [planned([link(deal('1'))])], context);
    expect(crm.linkCalls).toHaveLength(1);
    expect(crm.links).toEqual(['calls contacts 9', 'calls deals 1', 'tasks contacts 9', 'tasks deals 1']);
    expect(applied?.written.activity).toMatchObject({ linkedTo: PERSON, relatedTo: [deal('1')] });
    expect(applied?.written.task).toMatchObject({ linkedTo: PERSON, relatedTo: [deal('1')] });
  });

  it('links only what the write did not take along', async () => {
    const crm = new Crm();
    crm.takesAlong = true;
    const [applied] = await apply(crm, [planned([link(deal('1')), link(deal('2'))])], context);
    expect(crm.linkCalls.flat().map(({ to }) => to.id)).toEqual(['9', '2', '9', '2']);
    expect(applied?.written.activity?.relatedTo).toEqual([deal('1'), deal('2')]);
  });

  it.each([
    ['fix_record', undefined],
    ['fix_mapping', 403],
    ['resolve', 404],
    ['bug', 400],
    ['reconnect', 403],
  ] as const)('does without a deal that is refused by %s (%s), and says so', async (disposition, status) => {
    const crm = new Crm();
    crm.refuse = ({ to }) => (to.object === 'deals' ? refusal(disposition, status) : undefined);
    const [applied] = await apply(crm, [planned([link(deal('1'))])], context);
    expect(applied?.failures).toEqual([]);
    expect(applied?.warnings).toEqual([
      `activity: not put on deals 1 (test.${disposition})`,
      `task: not put on deals 1 (test.${disposition})`,
    ]);
    expect(applied?.written.activity).toMatchObject({ linkedTo: PERSON, relatedTo: [] });
  });

  it.each([
    ['retry', 503],
    ['throttle', 429],
    ['reconnect', 401],
  ] as const)('waits with a deal that is refused by %s (%s), and keeps what was done', async (disposition, status) => {
    const crm = new Crm();
    crm.refuse = ({ from, to }) =>
      from.object === 'calls' && to.object === 'deals' ? refusal(disposition, status) : undefined;
    const [applied] = await apply(crm, [planned([link(deal('1'))])], context);
    expect(applied?.failures).toEqual([refusal(disposition, status)]);
    expect(applied?.written).toMatchObject({
      activity: { linkedTo: PERSON, relatedTo: [] },
      task: { relatedTo: [deal('1')] },
    });
  });

  it('does not ask again for a deal that the write was refused, where the write takes people and deals along', async () => {
    const crm = new Crm();
    crm.linkedTo = PERSON;
    crm.warnings = ['WhatId: refused'];
    const [applied] = await apply(crm, [planned([link(deal('1'))])], context);
    expect(crm.linkCalls).toEqual([]);
    expect(applied).toMatchObject({ failures: [], warnings: crm.warnings.concat(crm.warnings) });
    expect(applied?.written.activity).toMatchObject({ linkedTo: PERSON, relatedTo: [] });
  });

  it('fails when the person is refused, whatever the reason', async () => {
    const crm = new Crm();
    crm.refuse = ({ to }) => (to.object === 'contacts' ? refusal('fix_record') : undefined);
    const [applied] = await apply(crm, [planned([link(deal('1'))])], context);
    expect(applied?.failures).toHaveLength(2);
    expect(applied?.written.activity?.relatedTo).toEqual([deal('1')]);
  });

  it('hands on what the CRM left out of a write', async () => {
    const crm = new Crm();
    crm.warnings = ['Industry__c: no write access'];
    const [applied] = await apply(crm, [planned([])], context);
    expect(applied?.warnings).toEqual(['Industry__c: no write access', 'Industry__c: no write access']);
  });

  it('remembers what was planned, and what the CRM was given instead until it is given something else', async () => {
    const crm = new Crm();
    crm.stored = { title: 'HELLO' };
    const [first] = await apply(crm, [planned([])], context);
    expect(first?.written.activity).toMatchObject({ fields: { title: 'Hello' }, stored: { title: 'HELLO' } });
    crm.stored = undefined;
    const [second] = await apply(crm, [planned([], first?.written)], context);
    expect(second?.written.activity).toMatchObject({ fields: { title: 'Hello' } });
    expect(second?.written.activity).not.toHaveProperty('stored');
  });

  it('of a record that was made anew remembers nothing of the one before', async () => {
    const before = { ref: { object: 'calls', id: 'another' }, fields: { body: 'Old' }, stored: { body: 'OLD' } };
    const activity = { ...before, linkedTo: PERSON, relatedTo: [] };
    const [applied] = await apply(new Crm(), [planned([], { person: PERSON, activity, task: undefined })], context);
    expect(applied?.written.activity).toEqual({
      ref: { object: 'calls', id: 'a' },
      fields: { title: 'Hello' },
      linkedTo: PERSON,
      relatedTo: [],
    });
  });

  it('puts nothing anywhere twice, however often it has to come back', async () => {
    const ids = fc.uniqueArray(fc.constantFrom('1', '2', '3'), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.array(fc.boolean(), { maxLength: 12 }),
        fc.boolean(),
        async (deals, answers, takesAlong) => {
          const crm = new Crm();
          crm.takesAlong = takesAlong;
          const left = [...answers];
          crm.refuse = () => (left.shift() === true ? refusal('retry', 503) : undefined);
          let written = NOTHING_WRITTEN;
          for (let attempt = 0; attempt < answers.length + 1; attempt += 1) {
            const related = deals.map((id) => link(deal(id)));
            const [applied] = await apply(crm, [planned(related, written)], context);
            written = applied?.written ?? written;
          }
          expect(crm.links.toSorted()).toEqual([...new Set(crm.links)].toSorted());
          expect(crm.links).toHaveLength(2 * (1 + deals.length));
          expect(written.activity?.relatedTo?.map(({ id }) => id).toSorted()).toEqual(deals.toSorted());
        },
      ),
      { numRuns: 200 },
    );
  });
});
