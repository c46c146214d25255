import { describe, expect, it } from '@jest/globals';
import type { CallContext } from '../../connectors/connector.ts';
import { configurationSchema, type ConnectionConfiguration } from '../../src/domain/configuration.ts';
import type {
  CrmFailure,
  OwnerAnswer,
  OwnerQuery,
  PersonRead,
  RecordRef,
  RelatedAnswer,
  RelatedQuery,
} from '../../src/domain/crm.ts';
import { NOTHING_WRITTEN, type WrittenRecord } from '../../src/domain/plan.ts';
import { ownerFieldsToRead } from '../../src/delivery/find-owners.ts';
import { lookAround } from '../../src/delivery/look-around.ts';
import { DELIVERY_POLICY } from '../../src/delivery/policy.ts';
import type { LookedUp } from '../../src/delivery/steps.ts';
import { lookedUp } from './planned.ts';

const connections = configurationSchema.shape.tenants.element.shape.connections.unwrap();
const person: RecordRef = { object: 'contacts', id: '9' };
const deal: RecordRef = { object: 'deals', id: '1' };
const context: CallContext = { signal: new AbortController().signal };
const now = () => new Date('2026-03-02T11:00:00Z');

function configurationWith(crm: 'hubspot' | 'salesforce', policies: object): ConnectionConfiguration {
  const baseUrl = 'https://crm.example.com';
  const [parsed] = connections.parse([
    { id: 'the-crm', crm, baseUrl, credentials: { accessToken: { env: 'TOKEN' } }, ...policies },
  ]);
  if (parsed === undefined) throw new Error('one connection');
  return parsed;
}

function failure(disposition: CrmFailure['disposition'], status?: number): CrmFailure {
  return {
    disposition,
    code: `test.${disposition}`,
    status,
    retryAfterMs: undefined,
    field: undefined,
    vendorText: undefined,
  };
}

/** What the CRM says, and what it was asked. */
class Crm {
  readonly crm;
  readonly asked: { readonly owners: OwnerQuery[]; readonly related: RelatedQuery[]; readonly people: RecordRef[] } = {
    owners: [],
    related: [],
    people: [],
  };
  calls = 0;
  owner: OwnerAnswer = { kind: 'active', ownerId: '1' };
  related: RelatedAnswer = { kind: 'checked', records: [{ ref: deal, kind: 'deal', modifiedAt: undefined }] };
  read: PersonRead = { kind: 'present', ref: person, fields: { hubspot_owner_id: '7' } };

  constructor(crm: 'hubspot' | 'salesforce') {
    this.crm = crm;
  }

  readonly findOwners = (queries: readonly OwnerQuery[]) => this.#answer(this.asked.owners, queries, this.owner);
  readonly findRelated = (queries: readonly RelatedQuery[]) => this.#answer(this.asked.related, queries, this.related);
  readonly readPeople = (refs: readonly RecordRef[]) => this.#answer(this.asked.people, refs, this.read);

  #answer<Q, A>(asked: Q[], queries: readonly Q[], answer: A): Promise<readonly A[]> {
    this.calls += 1;
    asked.push(...queries);
    return Promise.resolve(queries.map(() => answer));
  }
}

async function look(
  policies: object,
  items: readonly LookedUp[],
  setUp: (crm: Crm) => void = () => undefined,
  kind: 'hubspot' | 'salesforce' = 'hubspot',
) {
  const crm = new Crm(kind);
  setUp(crm);
  const configuration = configurationWith(kind, policies);
  return { crm, ...(await lookAround({ now, policy: DELIVERY_POLICY }, { configuration }, crm, items, context)) };
}

const DEALS = { associations: { with: ['deal'] } };
const AGENTS = { owners: { agents: { ag_1: 'dana@acme.example' }, activity: ['agent'] } };
const AGENT = { person, fields: {}, agentId: 'ag_1', handoff: 'ag_1' };
const written = (more: Partial<WrittenRecord> = {}): WrittenRecord => ({
  ref: { object: 'calls', id: '5' },
  fields: {},
  linkedTo: person,
  ...more,
});
const alreadyWritten = (more: Partial<WrittenRecord> = {}) => ({ ...NOTHING_WRITTEN, person, activity: written(more) });

describe('looking around', () => {
  it('makes no call when neither a policy nor a follow-up asks for one', async () => {
    const { crm, next } = await look({}, [lookedUp({ person, fields: {}, agentId: 'ag_1' }), lookedUp({})]);
    expect([crm.calls, next.length]).toEqual([0, 2]);
    expect(ownerFieldsToRead(configurationWith('hubspot', {}), next)).toEqual([]);
  });

  it('makes one call each for a whole batch, and asks for everybody once', async () => {
    const batch = [
      lookedUp(AGENT),
      lookedUp(AGENT),
      lookedUp({ ...AGENT, person: { object: 'contacts', id: '10' } }),
      lookedUp({}),
    ];
    const { crm, next } = await look({ ...DEALS, ...AGENTS }, batch);
    expect([crm.calls, next.length]).toEqual([2, 4]);
    expect(crm.asked.owners).toEqual([{ by: 'email', value: 'dana@acme.example' }]);
    expect(crm.asked.related.map((query) => [query.person.id, query.kinds])).toEqual([
      ['9', ['deal']],
      ['10', ['deal']],
    ]);
  });

  it('has the owner of the person read along, or reads it for a person that nobody looked up', async () => {
    expect(ownerFieldsToRead(configurationWith('hubspot', {}), [lookedUp(AGENT)])).toEqual(['hubspot_owner_id']);
    expect(ownerFieldsToRead(configurationWith('salesforce', {}), [lookedUp(AGENT)])).toEqual(['OwnerId']);
    const along = await look({}, [lookedUp({ ...AGENT, fields: { hubspot_owner_id: '8' } })]);
    expect(along.crm.asked).toMatchObject({ people: [], owners: [{ by: 'id', value: '8' }] });
    const late = await look({}, [lookedUp({ person, handoff: 'ag_9', written: alreadyWritten() })]);
    expect(late.crm.asked).toMatchObject({ people: [person], owners: [{ by: 'id', value: '7' }] });
  });

  it('asks nothing about what is written already', async () => {
    const done = { ...alreadyWritten(), task: written() };
    const { crm, next } = await look({ ...DEALS, ...AGENTS }, [lookedUp({ ...AGENT, written: done })]);
    expect(crm.calls).toBe(0);
    expect(next[0]?.related).toEqual({ activity: undefined, task: undefined });
  });

  it('asks for related records again after a failure, unless the one place is taken', async () => {
    const again = { person, fields: {}, attempts: 1, written: alreadyWritten({ relatedTo: [deal] }) };
    expect((await look(DEALS, [lookedUp(again)])).crm.asked.related).toHaveLength(1);
    const salesforce = { associations: { with: ['opportunity'] } };
    const taken = await look(salesforce, [lookedUp(again)], undefined, 'salesforce');
    expect(taken.crm.asked.related).toHaveLength(0);
    const free = await look(salesforce, [lookedUp({ ...again, written: alreadyWritten() })], undefined, 'salesforce');
    expect(free.crm.asked.related).toHaveLength(1);
  });

  it('looks for related records of a late follow-up without moving the call', async () => {
    const { next } = await look(DEALS, [lookedUp({ ...AGENT, written: alreadyWritten() })]);
    expect(next[0]?.related).toMatchObject({ activity: undefined, task: { kind: 'checked' } });
  });

  describe.each([
    ['retry', 503, 'crm_unavailable'],
    ['throttle', 429, 'crm_rate_limited'],
    ['reconnect', 401, 'connection_broken'],
  ] as const)('when the CRM answers %s (%s)', (disposition, status, reason) => {
    const answer = { kind: 'could_not_check', failure: failure(disposition, status) } as const;

    it('waits with related records, and with the owner of a follow-up', async () => {
      const related = await look(DEALS, [lookedUp({ person, fields: {} })], (crm) => void (crm.related = answer));
      const owner = await look(AGENTS, [lookedUp(AGENT)], (crm) => void (crm.owner = answer));
      const record = await look(
        {},
        [lookedUp({ person, handoff: 'ag_9', written: alreadyWritten() })],
        (crm) => void (crm.read = answer),
      );
      for (const { next, settled } of [related, owner, record]) {
        expect(next).toEqual([]);
        expect(settled).toMatchObject([{ outcome: { state: 'waiting', reason }, failures: [answer.failure] }]);
      }
    });

    it('does not wait with the owner of a call, nor with one whom another rule makes needless', async () => {
      const plain = await look(
        AGENTS,
        [lookedUp({ person, fields: {}, agentId: 'ag_1' })],
        (crm) => void (crm.owner = answer),
      );
      const needless = await look(
        { owners: { ...AGENTS.owners, task: [] } },
        [lookedUp(AGENT)],
        (crm) => void (crm.owner = answer),
      );
      expect([plain.next.length, needless.next.length]).toEqual([1, 1]);
    });
  });

  it.each([
    ['reconnect', 403],
    ['fix_mapping', 403],
    ['bug', 400],
  ] as const)(
    'goes on without what the CRM refuses by %s (%s), and no failure is there to stop the connection',
    async (disposition, status) => {
      const answer = { kind: 'could_not_check', failure: failure(disposition, status) } as const;
      const { next, settled } = await look({ ...DEALS, ...AGENTS }, [lookedUp(AGENT)], (crm) => {
        crm.related = answer;
        crm.owner = answer;
      });
      expect([next.length, settled]).toEqual([1, []]);
    },
  );
});
