export { startPersonaDeskSandbox, type PersonaDeskSandbox, type PersonaDeskSandboxOptions } from './server.ts';
export { runPersonaDeskSandbox } from './run.ts';
export { generateConversations } from './generate-conversations.ts';
export { exampleConversation, exampleEvent } from './documented-example.ts';
export { createWebhookSender, type Forgery, type WebhookSender } from './webhook-sender.ts';
export { runDemoTraffic } from './demo-traffic.ts';
export type { ApiRecord, GeneratedConversation, SandboxConversation, WebhookEvent } from './resources.ts';
