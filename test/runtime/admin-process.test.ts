import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { settle } from '../admin/seed.ts';
import {
  applyTenant,
  MASTER_KEY,
  openTestStore,
  restingIn,
  tenantOf,
  type TestStore,
} from '../store/open-test-store.ts';
import { cleanEnvironment, MAIN } from '../support/started-product.ts';
import { eventually, freePorts } from './process-table.ts';

/** A process that loads everything it needs, on a machine that also runs everything else. */
const START_MS = 60_000;

describe('the admin process', () => {
  let opened: TestStore;
  let directory: string;
  let admin: ChildProcess;
  let url: string;

  beforeAll(async () => {
    opened = await openTestStore();
    await applyTenant(opened.store, tenantOf('ten_acme', ['acme-hubspot']));
    const place = { tenant: 'ten_acme', connection: 'acme-hubspot' };
    await settle(opened.store, { ...place, conversation: 'conv_older' }, restingIn('failed'));
    await settle(opened.store, { ...place, conversation: 'conv_newer' }, restingIn('synced'));
    // Both ended in the same second of the test's clock.
    await opened.sql(`update ledger set updated_at = updated_at + '1 s' where conversation_id = 'conv_newer'`);
    directory = await mkdtemp(join(tmpdir(), 'crm-sync-admin-'));
    const [port = 0] = await freePorts(1);
    url = `http://127.0.0.1:${port}`;
    admin = spawn(process.execPath, [MAIN, 'admin'], {
      cwd: directory,
      env: cleanEnvironment({
        DATABASE_URL: opened.url,
        CRM_SYNC_MASTER_KEY: MASTER_KEY.toString('base64'),
        CRM_SYNC_DATA_DIR: directory,
        CRM_SYNC_ADMIN_PORT: String(port),
      }),
      stdio: 'ignore',
    });
    await eventually('the admin', isReady, START_MS);
  }, START_MS);
  afterAll(async () => {
    if (admin.exitCode === null) admin.kill('SIGKILL');
    await opened.close();
    await rm(directory, { recursive: true });
  });

  async function isReady(): Promise<boolean> {
    if (admin.exitCode !== null) throw new Error(`the admin ended with ${admin.exitCode}`);
    // Until it listens, a request fails; the deadline says when that has gone on for too long.
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    return answer?.ok === true;
  }

  it('shows the conversations that changed last, newest first, on the page and as JSON', async () => {
    const page = await (await fetch(`${url}/`)).text();
    expect(page).toMatch(/Latest conversations[^]*conv_newer[^]*✓[^]*conv_older[^]*✗/);
    const status: unknown = await (await fetch(`${url}/api/v1/status`)).json();
    expect(status).toMatchObject({
      recent: [
        { conversationId: 'conv_newer', state: 'synced', reason: { code: 'written' } },
        { conversationId: 'conv_older', state: 'failed', reason: { code: 'crm_refused_record' } },
      ],
    });
  });

  it('ends in order when it is asked to', async () => {
    const ended = once(admin, 'exit');
    admin.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
