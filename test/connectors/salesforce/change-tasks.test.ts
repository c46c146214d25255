import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordRef } from '../../../src/domain/crm.ts';
import { connectOrg, failureOf, recordSent, type ConnectedOrg } from './connected-org.ts';

let org: ConnectedOrg;

beforeEach(async () => {
  org = await connectOrg();
});
afterEach(() => org.stop());

describe('linking', () => {
  it('puts a task on a timeline, twice as well as once', async () => {
    const [from, to] = [seed('Task', { Subject: 'A' }), seed('Contact', { LastName: 'Zoe' })];
    for (let times = 0; times < 2; times += 1) {
      expect(await org.connector.link([{ from, to }], org.context)).toEqual([{ kind: 'linked' }]);
    }
    expect(org.sandbox.findByField('Task', 'WhoId', to.id)).toHaveLength(1);
  });

  it('many leave in one call; a task or a person that is gone refuses its own only', async () => {
    const links = Array.from({ length: 5 }, (_, index) => ({
      from: seed('Task', { Subject: `T${index}` }),
      to: seed('Lead', { LastName: `L${index}`, Company: 'A' }),
    }));
    org.sandbox.deleteAsPerson('Task', links[1]?.from.id ?? '');
    org.sandbox.deleteAsPerson('Lead', links[3]?.to.id ?? '');
    const results = await org.connector.link(links, org.context);
    expect(results.map((result) => failureOf(result)?.disposition ?? result.kind)).toEqual([
      'linked',
      'resolve',
      'linked',
      'resolve',
      'linked',
    ]);
    expect(org.requests).toHaveLength(1);
  });
});

describe('completing', () => {
  it('closes tasks in the org’s own word, and one that is closed stays so', async () => {
    const refs = [seed('Task', { Subject: 'A' }), seed('Task', { Subject: 'B', Status: 'Completed' })];
    expect(await org.connector.completeTasks(refs, org.context)).toEqual(
      refs.map((ref) => ({ kind: 'written', ref, created: false })),
    );
    expect(org.sandbox.findByField('Task', 'IsClosed', true)).toHaveLength(2);
  });

  it('a task that is gone is for a look-up to resolve', async () => {
    const ref = seed('Task', { Subject: 'A' });
    org.sandbox.deleteAsPerson('Task', ref.id);
    const [result] = await org.connector.completeTasks([ref], org.context);
    expect(failureOf(result)).toMatchObject({ disposition: 'resolve' });
  });
});

describe('removing', () => {
  it('moves records to the bin; what is not there was removed already', async () => {
    const kept = seed('Task', { Subject: 'kept' });
    const refs = [
      seed('Task', { Subject: 'A' }),
      seed('Lead', { LastName: 'L', Company: 'A' }),
      seed('Task', { Subject: 'B' }),
    ];
    org.sandbox.deleteAsPerson('Task', refs[2]?.id ?? '');
    const strange = { object: 'Task', id: '../../sobjects/Task' };
    const { transport, sent } = recordSent();
    const results = await org.connect({ transport }).remove([...refs, strange], org.context);
    await transport.close();
    expect(sent.map(({ path }) => path.includes('..'))).toEqual([false]);
    expect(results.map(({ kind }) => kind)).toEqual(['removed', 'removed', 'gone', 'gone']);
    expect(org.sandbox.records('Task').filter(({ deleted }) => !deleted)).toMatchObject([{ id: kept.id }]);
    expect(await org.connector.remove(refs, org.context)).toEqual(refs.map(() => ({ kind: 'gone' })));
  });

  it('an org that does not answer has removed nothing for all we know', async () => {
    const ref = seed('Task', { Subject: 'A' });
    org.sandbox.injectFault({ match: { method: 'DELETE' }, times: 1, fault: { kind: 'reset' } });
    const [result] = await org.connector.remove([ref], org.context);
    expect(failureOf(result)).toMatchObject({ disposition: 'retry' });
  });
});

function seed(object: 'Task' | 'Lead' | 'Contact', fields: Record<string, string>): RecordRef {
  const [id = ''] = org.sandbox.seedRecords(object, [fields]);
  return { object, id };
}
