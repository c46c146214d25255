import type { ConnectionId } from '../../domain/ids.ts';
import { counted, duration } from '../wording.ts';

/** How a connection does, in the one word that its card shows first. */
export type ConnectionHealth = 'fresh' | 'behind' | 'parked' | 'paused' | 'broken';

/** What the answer is made of. */
export interface AnswerFacts {
  readonly connections: readonly { readonly id: ConnectionId; readonly health: ConnectionHealth }[];
  /** The slowest connection's 95th percentile of the last 24 h; undefined when nothing was delivered. */
  readonly p95Ms: number | undefined;
  readonly needPerson: number;
}

/** The answer in words, e.g. "All 2 connections are fresh (p95 1.2 s). 3 conversations need a person." Pure. */
export function statusAnswer(facts: AnswerFacts): string {
  if (facts.connections.length === 0) return 'No connection is configured yet.';
  return [connectionsSentence(facts), ...personSentences(facts)].join(' ');
}

function connectionsSentence({ connections, p95Ms }: AnswerFacts): string {
  const unwell = connections.filter(({ health }) => health !== 'fresh');
  if (unwell.length > 0) {
    const named = unwell.map(({ id, health }) => `${id} is ${health}`).join(', ');
    const total = connections.length;
    if (total === 1) return `${named}.`;
    return `${unwell.length} of ${counted(total, 'connection')} ${unwell.length === 1 ? 'is' : 'are'} not fresh: ${named}.`;
  }
  const measured = p95Ms === undefined ? 'nothing delivered in the last 24 h' : `p95 ${duration(p95Ms)}`;
  return connections.length === 1
    ? `The connection is fresh (${measured}).`
    : `All ${counted(connections.length, 'connection')} are fresh (${measured}).`;
}

function personSentences({ connections, needPerson }: AnswerFacts): readonly string[] {
  const stopped = connections.filter(({ health }) => health === 'paused' || health === 'broken').length;
  const sentences = [
    ...(stopped === 0 ? [] : [`${counted(stopped, 'connection')} ${needs(stopped)} a person.`]),
    ...(needPerson === 0 ? [] : [`${counted(needPerson, 'conversation')} ${needs(needPerson)} a person.`]),
  ];
  return sentences.length === 0 ? ['Nobody needs to act.'] : sentences;
}

function needs(count: number): string {
  return count === 1 ? 'needs' : 'need';
}
