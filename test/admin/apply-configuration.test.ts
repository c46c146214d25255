import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { applyConfiguration, type ApplyResult } from '../../src/admin/services/apply-configuration.ts';
import { configurationInForce } from '../../src/admin/services/configuration-in-force.ts';
import { exportConfiguration } from '../../src/admin/services/export-configuration.ts';
import { openTestStore, type TestStore } from '../store/open-test-store.ts';
import { changed, FILE, SECRET_VALUES } from './configuration-file.ts';

describe('applying a configuration file', () => {
  let opened: TestStore;
  let woken: string[];

  beforeEach(async () => {
    opened = await openTestStore({ environment: SECRET_VALUES });
    woken = [];
  });
  afterEach(() => opened.close());

  function apply(yaml: string, options: { dryRun?: boolean; temporalIsDown?: boolean } = {}): Promise<ApplyResult> {
    const wake = (id: string) => {
      woken.push(id);
      return options.temporalIsDown === true ? Promise.reject(new Error('deadline')) : Promise.resolve();
    };
    const { store, clock } = opened;
    return applyConfiguration({ yaml, dryRun: options.dryRun === true }, { store, wake, now: () => clock.now });
  }

  function kinds(result: ApplyResult): readonly string[] {
    if (result.kind === 'refused') throw new Error(JSON.stringify(result.problems));
    return result.changes.map(({ kind, what, id }) => `${kind} ${what} ${id}`);
  }

  it('puts tenant and connection in force and wakes the connection', async () => {
    const result = await apply(FILE);
    expect(kinds(result)).toEqual(['added tenant ten_acme', 'added connection acme-hubspot']);
    expect(result).toMatchObject({ endpoints: [{ tenantId: 'ten_acme', endpointId: 'acme-endpoint' }], notWoken: [] });
    expect(woken).toEqual(['acme-hubspot']);
    const [connection] = await opened.store.connections.list();
    expect(connection).toMatchObject({ id: 'acme-hubspot', tenant: { name: 'Acme Dental' } });
  });

  it('a dry run shows the difference, changes nothing and wakes nobody', async () => {
    const result = await apply(FILE, { dryRun: true });
    expect(result.kind).toBe('shown');
    expect(kinds(result)).toEqual(['added tenant ten_acme', 'added connection acme-hubspot']);
    expect((await configurationInForce(opened.store)).tenants).toEqual([]);
    expect(woken).toEqual([]);
  });

  it('the same file a second time changes nothing and wakes nobody', async () => {
    await apply(FILE);
    const before = await configurationInForce(opened.store);
    woken = [];
    const again = await apply(FILE);
    expect(kinds(again)).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
    expect(woken).toEqual([]);
    expect(await configurationInForce(opened.store)).toEqual(before);
  });

  it('a file without an endpoint id keeps the one that was drawn', async () => {
    const file = changed('      endpointId: acme-endpoint\n', '');
    const first = await apply(file);
    const again = await apply(file);
    if (first.kind !== 'applied' || again.kind !== 'applied') throw new Error('refused');
    expect(first.endpoints[0]?.endpointId).toMatch(/^[A-Za-z0-9_-]{24}$/);
    expect(again.endpoints).toEqual(first.endpoints);
    expect(kinds(again)).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
  });

  it('what is exported applies without a difference', async () => {
    await apply(FILE);
    const { yaml } = await exportConfiguration(opened.store);
    expect(yaml).toContain('endpointId: acme-endpoint');
    const again = await apply(yaml);
    expect(kinds(again)).toEqual(['unchanged tenant ten_acme', 'unchanged connection acme-hubspot']);
  });

  it('a change names each setting with its value before and after', async () => {
    await apply(FILE);
    const result = await apply(
      changed('env: HUBSPOT_TOKEN', 'file: /run/hubspot', changed('summary: true', 'summary: false')),
    );
    if (result.kind === 'refused') throw new Error('refused');
    expect(result.changes.find(({ kind }) => kind === 'changed')).toEqual({
      kind: 'changed',
      what: 'connection',
      id: 'acme-hubspot',
      tenantId: 'ten_acme',
      settings: [
        { setting: 'credentials.accessToken', from: '{ env: HUBSPOT_TOKEN }', to: '{ file: /run/hubspot }' },
        { setting: 'content.summary', from: 'true', to: 'false' },
      ],
    });
  });

  it("a tenant's change wakes its connections, though they are unchanged", async () => {
    await apply(FILE);
    woken = [];
    await apply(changed('env: PERSONADESK_API_KEY', 'env: HUBSPOT_TOKEN'));
    expect(woken).toEqual(['acme-hubspot']);
  });

  it('what the file does not name is reported and left alone', async () => {
    await apply(FILE);
    const other = changed('ten_acme', 'ten_b', changed('acme-hubspot', 'b-hubspot', changed('acme-endpoint', 'b')));
    const result = await apply(other);
    expect(kinds(result)).toEqual([
      'added tenant ten_b',
      'added connection b-hubspot',
      'only_in_database tenant ten_acme',
      'only_in_database connection acme-hubspot',
    ]);
    expect((await configurationInForce(opened.store)).tenants.map(({ id }) => id)).toEqual(['ten_acme', 'ten_b']);
  });

  it('a connection that was taken out of the file is reported and left alone', async () => {
    await apply(FILE);
    const result = await apply(FILE.slice(0, FILE.indexOf('    connections:')));
    expect(kinds(result)).toEqual(['unchanged tenant ten_acme', 'only_in_database connection acme-hubspot']);
    expect(await opened.store.connections.list()).toHaveLength(1);
  });

  it('Temporal being away costs a hint, not the change', async () => {
    const result = await apply(FILE, { temporalIsDown: true });
    expect(result).toMatchObject({ kind: 'applied', notWoken: ['acme-hubspot'] });
    expect(await opened.store.connections.list()).toHaveLength(1);
  });

  it('a secret that is not there yet is a warning that names the variable and the line', async () => {
    const result = await apply(changed('env: HUBSPOT_TOKEN', 'env: NOT_SET_YET'));
    expect(result).toMatchObject({
      kind: 'applied',
      warnings: [
        {
          path: 'tenants[0].connections[0].credentials.accessToken',
          line: 20,
          warning: expect.stringContaining('NOT_SET_YET'),
        },
      ],
    });
  });

  it('a file that is not there and a name under which nothing is stored are warnings too', async () => {
    const yaml = changed('{ env: HUBSPOT_TOKEN }', '{ file: /nonexistent/token }');
    const result = await apply(changed('{ env: PERSONADESK_API_KEY }', '{ stored: api-key }', yaml));
    if (result.kind !== 'applied') throw new Error('refused');
    const warnings = result.warnings.map(({ warning }) => warning);
    expect(warnings).toEqual([expect.stringContaining('api-key'), expect.stringContaining('/nonexistent/token')]);
  });

  it('no secret is in what applying or exporting tells', async () => {
    const told = [await apply(FILE, { dryRun: true }), await apply(FILE), await exportConfiguration(opened.store)];
    for (const value of Object.values(SECRET_VALUES)) expect(JSON.stringify(told)).not.toContain(value);
  });

  it('http to this machine is allowed, for the sandboxes', async () => {
    for (const host of ['127.0.0.1:8092', 'localhost:8092', '[::1]:8092']) {
      const result = await apply(changed('https://api.hubapi.com', `http://${host}`), { dryRun: true });
      expect(result.kind).toBe('shown');
    }
  });
});
