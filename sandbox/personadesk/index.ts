export { startPersonaDeskSandbox, type PersonaDeskSandbox, type PersonaDeskSandboxOptions } from './server.ts';
export { runPersonaDeskSandbox, type RunPersonaDeskSandboxOptions } from './run.ts';
export { generateConversation, generateConversations } from './generate-conversations.ts';
export { whileActive } from './conversation-resource.ts';
export { exampleConversation, exampleEvent } from './documented-example.ts';
export { createWebhookSender, type Forgery, type SendResult, type WebhookSender } from './webhook-sender.ts';
export type { DeliveryReport, SendAllOptions } from './webhook-load.ts';
export { runDemoTraffic } from './demo-traffic.ts';
export type { Behaviour, Fault } from './behaviour.ts';
export type {
  ApiRecord,
  GeneratedConversation,
  SandboxConversation,
  SandboxTenant,
  WebhookEvent,
} from './resources.ts';
