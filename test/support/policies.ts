import { contentPolicySchema } from '../../src/domain/content-policy.ts';
import { taskPolicySchema } from '../../src/domain/task-policy.ts';
import { unknownCallerPolicySchema } from '../../src/domain/unknown-caller-policy.ts';

/** What a connection that says nothing of its policies has. */
export const DEFAULT_POLICIES = {
  content: contentPolicySchema.parse({}),
  filters: [],
  matching: { phoneFields: [], ambiguous: 'review' as const },
  tasks: taskPolicySchema.parse({}),
  unknownCaller: unknownCallerPolicySchema.parse({}),
};
