import { toEvents, toRoutingDecisions } from './conversation-events.ts';
import { toResource } from './conversation-resource.ts';
import type { GeneratedConversation } from './resources.ts';
import { tellStory, type ConversationSeries, type GenerateInput } from './story.ts';
import { toMessages } from './transcript.ts';

/** One conversation of the endless, repeatable series that a seed and a tenant stand for. */
export function generateConversation(series: ConversationSeries, index: number): GeneratedConversation {
  const story = tellStory(series, index);
  return {
    resource: toResource(story),
    messages: toMessages(story),
    routingDecisions: toRoutingDecisions(story),
    events: toEvents(story),
  };
}

/**
 * Varied conversations: every channel and status, callers from many countries whose numbers are typed in many ways or
 * withheld, fields that are null or absent, long transcripts. Same input, same output; ids differ between tenants and seeds.
 */
export function generateConversations(input: GenerateInput): GeneratedConversation[] {
  return Array.from({ length: input.count }, (_, index) => generateConversation(input, index));
}
