import type { SandboxConversation, WebhookEvent } from '../sandbox/personadesk/index.ts';

/** A completed call of a caller nobody knows. */
export interface Work {
  readonly conversation: SandboxConversation;
  readonly event: WebhookEvent;
}

/** Numbers differ by series, so that every caller is new. */
export function calls(series: string, count: number, firstNumber: number): readonly Work[] {
  return Array.from({ length: count }, (_, n) => {
    const id = `conv_${series}_${n}`;
    const number = `+1555${firstNumber + n}`;
    return {
      conversation: {
        resource: {
          id,
          tenant_id: 'ten_bench',
          status: 'completed',
          channel: 'voice',
          started_at: '2026-03-02T10:00:00Z',
          ended_at: '2026-03-02T10:02:45Z',
          from_number: number,
          summary: 'Wants an appointment on Tuesday. Prefers the morning, and to be called back.',
        },
        messages: [],
        routingDecisions: [],
      },
      event: {
        type: 'conversation.completed',
        id: `evt_${series}_${n}`,
        created_at: '2026-03-02T10:02:45Z',
        data: { conversation_id: id, tenant_id: 'ten_bench', from_number: number },
      },
    };
  });
}
