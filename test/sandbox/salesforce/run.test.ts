import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

it('the sandbox of the demo says where it is and ends with its parent', async () => {
  const main = fileURLToPath(new URL('../../../sandbox/salesforce/main.ts', import.meta.url));
  const child = fork(main, ['0'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'], execArgv: [] });
  const exited = once(child, 'exit');
  try {
    const [message] = (await once(child, 'message')) as [{ kind: string; url: string }]; // what run.ts sends
    expect(message.kind).toBe('listening');
    expect((await fetch(message.url)).status).toBe(200);
    child.disconnect();
    expect(await exited).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});
