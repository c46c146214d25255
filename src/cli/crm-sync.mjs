#!/usr/bin/env node
/**
 * The `crm-sync` command. Runs on any Node >= 20: installs what is missing, then runs main.ts here when this Node can
 * run TypeScript as it stands, else in the Node 24 that the installation brought along.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, projectRoot } from '../runtime/ensure-installed.mjs';

const TYPESCRIPT_NODE_MAJOR = 24;

function runInInstalledNode() {
  const node = join(projectRoot, 'node_modules', '.bin', 'node');
  const main = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });

  process.on('SIGTERM', () => child.kill('SIGTERM'));
  // A terminal sends Ctrl-C to the child as well; passing it on would count as a second, impatient one.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'));

  child.on('error', (error) => {
    console.error(`Could not start ${node} (${error.message}): run npm ci and try again.`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}

try {
  await ensureInstalled();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

if (Number(process.versions.node.split('.')[0]) >= TYPESCRIPT_NODE_MAJOR) {
  await import('./main.ts');
} else {
  runInInstalledNode();
}
