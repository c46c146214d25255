import { booleanField, textField, type SourceField } from './field.ts';
import { callerName, identified } from './parties.ts';

/** The other party, as far as he can be recognised. */
export const callerFields: readonly SourceField[] = [
  booleanField(
    { path: 'caller.identified', description: 'whether a number or an e-mail address is known', example: 'true' },
    ({ caller }) => caller.kind === 'identified',
  ),
  booleanField(
    { path: 'caller.withheld', description: 'whether the number was withheld', example: 'false' },
    ({ caller }) => caller.kind === 'withheld',
  ),
  textField(
    { path: 'caller.phone', description: 'the number in E.164', example: '+15551234567' },
    ({ caller }) => identified(caller)?.phone?.e164,
  ),
  textField(
    { path: 'caller.phoneNational', description: 'the number without its country code', example: '5551234567' },
    ({ caller }) => identified(caller)?.phone?.national,
  ),
  textField(
    { path: 'caller.writtenNumber', description: 'the number as it came', example: '(555) 123-4567' },
    ({ known }) => known.conversation.caller.number,
  ),
  textField(
    { path: 'caller.email', description: 'the e-mail address, in lower case', example: 'zoe@example.com' },
    ({ caller }) => identified(caller)?.email,
  ),
  textField(
    {
      path: 'caller.identity',
      description: 'what the caller is recognised by: the number in E.164, else the e-mail address',
      example: '+15551234567',
    },
    ({ caller }) => identified(caller)?.phone?.e164 ?? identified(caller)?.email,
  ),
  textField(
    { path: 'caller.name', description: 'the name as it came', example: 'Zoe van Example' },
    ({ caller }) => identified(caller)?.name,
  ),
  textField(
    { path: 'caller.firstName', description: 'the first word of the name', example: 'Zoe' },
    (source) => callerName(source).first,
  ),
  textField(
    { path: 'caller.lastName', description: 'the name without its first word', example: 'van Example' },
    (source) => callerName(source).last,
  ),
];

/** Who had the conversation on your side. */
export const agentFields: readonly SourceField[] = [
  textField(
    { path: 'agent.id', description: 'PersonaDesk id of the agent', example: 'agent_abc' },
    ({ known }) => known.conversation.agentId,
  ),
  textField(
    { path: 'agent.name', description: 'name of the agent', example: 'Front desk' },
    ({ context }) => context?.agent?.name,
  ),
  textField(
    { path: 'agent.email', description: 'e-mail address of the agent', example: 'desk@example.com' },
    ({ context }) => context?.agent?.email,
  ),
];
