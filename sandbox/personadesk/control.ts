import { z } from 'zod';
import { behaviourSchema, faultSchema } from './behaviour.ts';
import { generateConversations } from './generate-conversations.ts';
import type { PersonaDeskControls } from './controls.ts';
import { refusal, type Answer } from './responses.ts';

const recordSchema = z.record(z.string(), z.unknown());

const conversationSchema = z.object({
  resource: z.looseObject({ id: z.string().min(1), tenant_id: z.string().min(1) }),
  messages: z.array(recordSchema).default([]),
  routingDecisions: z.array(recordSchema).default([]),
});

const generateSchema = z.object({
  seed: z.number().int(),
  count: z.number().int().min(1).max(100_000),
  tenantId: z.string().min(1),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});

/** A request to the control surface; `path` is what follows `/_sandbox`. */
export interface ControlRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

const done: Answer = { status: 200, body: { ok: true } };

type Action = (controls: PersonaDeskControls, body: unknown) => Answer;

/** Method and path of every control, beside the conversation ones. */
const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['GET /conversations', (controls) => ({ status: 200, body: { data: controls.conversations() } })],
  [
    'POST /conversations',
    (controls, body) => {
      controls.addConversations(z.array(conversationSchema).parse(body));
      return done;
    },
  ],
  [
    'POST /generate',
    (controls, body) => {
      const generated = generateConversations(generateSchema.parse(body));
      controls.addConversations(generated);
      return { status: 200, body: { ids: generated.map(({ resource }) => resource.id) } };
    },
  ],
  ['GET /requests', (controls) => ({ status: 200, body: controls.requestCounts() })],
  ['GET /options', (controls) => ({ status: 200, body: controls.options() })],
  [
    'PATCH /options',
    (controls, body) => {
      controls.setOptions(behaviourSchema.unwrap().partial().parse(body));
      return { status: 200, body: controls.options() };
    },
  ],
  [
    'POST /faults',
    (controls, body) => {
      controls.injectFault(faultSchema.parse(body));
      return done;
    },
  ],
  ['DELETE /faults', (controls) => (controls.clearFaults(), done)],
  ['POST /cursors/expire', (controls) => (controls.expireCursors(), done)],
  ['POST /reset', (controls) => (controls.reset(), done)],
]);

function patchConversation(controls: PersonaDeskControls, id: string, body: unknown): Answer {
  const known = controls.updateConversation(id, recordSchema.parse(body));
  return known ? done : refusal(404, 'not_found', 'No conversation of that id.');
}

/** Answers the control surface; anything a caller got wrong is a 400 that names the fields. */
export function answerControl(controls: PersonaDeskControls, request: ControlRequest): Answer {
  try {
    const one = /^\/conversations\/([^/]+)$/.exec(request.path);
    if (one?.[1] !== undefined && request.method === 'PATCH') return patchConversation(controls, one[1], request.body);
    const action = ACTIONS.get(`${request.method} ${request.path}`);
    return action === undefined ? refusal(404, 'not_found', 'No such control.') : action(controls, request.body);
  } catch (error) {
    if (error instanceof z.ZodError) return refusal(400, 'invalid', z.prettifyError(error));
    throw error;
  }
}
