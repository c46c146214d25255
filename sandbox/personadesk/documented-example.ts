import type { ApiRecord, SandboxConversation, WebhookEvent } from './resources.ts';

/** The conversation of PersonaDesk's developer page, with its six documented fields and nothing else. */
export function exampleConversation(tenantId: string): SandboxConversation {
  return {
    resource: {
      id: 'conv_123',
      tenant_id: tenantId,
      status: 'completed',
      channel: 'voice',
      started_at: '2025-01-15T10:24:00Z',
      ended_at: '2025-01-15T10:26:45Z',
    },
    messages: [
      {
        id: 'msg_123_1',
        conversation_id: 'conv_123',
        role: 'assistant',
        content: 'Thanks for calling, how can I help?',
        created_at: '2025-01-15T10:24:03Z',
      },
      {
        id: 'msg_123_2',
        conversation_id: 'conv_123',
        role: 'caller',
        content: 'I would like a quote, as soon as possible.',
        created_at: '2025-01-15T10:24:11Z',
      },
    ],
    routingDecisions: [
      {
        id: 'route_123',
        conversation_id: 'conv_123',
        created_at: '2025-01-15T10:25:12Z',
        from_number: '+15551234567',
        to_agent_id: 'agent_abc',
        route_reason: 'lead_high_intent',
      },
    ],
  };
}

/** The webhook payload of PersonaDesk's developer page. */
export function exampleEvent(tenantId: string): WebhookEvent {
  return {
    type: 'conversation.routed',
    id: 'evt_123',
    created_at: '2025-01-15T10:25:12Z',
    data: {
      conversation_id: 'conv_123',
      tenant_id: tenantId,
      from_number: '+15551234567',
      to_agent_id: 'agent_abc',
      route_reason: 'lead_high_intent',
    },
  };
}

/** The agents every sandbox tenant has; `agent_abc` is the one of the documented example. */
export function sandboxAgents(tenantId: string): readonly (ApiRecord & { readonly id: string })[] {
  const agent = (id: string, name: string, type: string, email: string | null) => ({
    id,
    tenant_id: tenantId,
    name,
    type,
    email,
  });
  return [
    agent('agent_abc', 'Abby (AI receptionist)', 'ai', null),
    agent('agent_ava', 'Ava (AI receptionist)', 'ai', null),
    agent('agent_human_1', 'Dana Reyes', 'human', 'dana.reyes@example.com'),
    agent('agent_human_2', 'Kofi Mensah', 'human', 'kofi.mensah@example.com'),
  ];
}
