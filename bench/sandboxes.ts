/** Runs both sandboxes in a process of their own, so that the product has its own core as in real life. */
import { startHubSpotSandbox } from '../sandbox/hubspot/index.ts';
import { startPersonaDeskSandbox, type SandboxConversation } from '../sandbox/personadesk/index.ts';

/** What the benchmark asks of this process. */
export type SandboxRequest =
  | { readonly kind: 'conversations'; readonly conversations: readonly SandboxConversation[] }
  | { readonly kind: 'contents' };

/** What this process answers, in order. */
export type SandboxAnswer =
  | { readonly kind: 'ready'; readonly hubspotUrl: string; readonly personaDeskUrl: string }
  | { readonly kind: 'done' }
  | { readonly kind: 'contents'; readonly calls: number; readonly contacts: number; readonly requests: number };

const [latency = '30', tenantId = 'ten_bench', apiKey = 'bench-key'] = process.argv.slice(2);
const hubspot = await startHubSpotSandbox({
  latencyMs: Number(latency),
  searchLagMs: 10_000,
  limits: { perTenSeconds: null, searchPerSecond: null, perDay: null },
});
const personaDesk = await startPersonaDeskSandbox({ tenants: [{ id: tenantId, name: 'Bench', apiKey }] });

const answer = (message: SandboxAnswer) => process.send?.(message);
process.once('disconnect', () => process.exit(0));
process.on('message', (request: SandboxRequest) => {
  switch (request.kind) {
    case 'conversations':
      personaDesk.addConversations(request.conversations);
      answer({ kind: 'done' });
      return;
    case 'contents':
      answer({
        kind: 'contents',
        calls: hubspot.records('calls').length,
        contacts: hubspot.records('contacts').length,
        requests: hubspot.requestLog().length,
      });
  }
});
answer({ kind: 'ready', hubspotUrl: hubspot.url, personaDeskUrl: personaDesk.url });
