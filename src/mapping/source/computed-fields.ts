import { activityKindOf, type MappingSource } from '../mapping.ts';
import { words } from '../plain-description.ts';
import { booleanField, instantField, numberField, textField, type SourceField } from './field.ts';
import { callerLabel, isOutbound, otherNumber } from './parties.ts';

/** What follows from the rest. */
export const computedFields: readonly SourceField[] = [
  textField({ path: 'computed.kind', description: 'call, text_message or chat', example: 'call' }, ({ known }) =>
    activityKindOf(known.conversation.channel),
  ),
  instantField(
    {
      path: 'computed.occurredAt',
      description: 'the start, or the best that is known of it',
      example: '2026-03-02T10:00:00Z',
    },
    ({ occurredAt }) => occurredAt,
  ),
  numberField(
    { path: 'computed.durationSeconds', description: 'seconds it took, from its times if need be', example: '165' },
    durationSeconds,
  ),
  textField({ path: 'computed.outcome', description: 'the status in words', example: 'no answer' }, ({ known }) =>
    words(known.conversation.status),
  ),
  booleanField({ path: 'computed.outbound', description: 'whether you called', example: 'false' }, (source) =>
    isOutbound(source),
  ),
  textField(
    {
      path: 'computed.callerLabel',
      description: 'name, number or address of the caller; else "an unknown caller"',
      example: 'Zoe van Example',
    },
    callerLabel,
  ),
  textField(
    { path: 'computed.callerNumber', description: "the caller's number, else as it came", example: '+15551234567' },
    otherNumber,
  ),
  textField({ path: 'computed.fromNumber', description: 'who called', example: '+15551234567' }, (source) =>
    isOutbound(source) ? source.known.conversation.businessNumber : otherNumber(source),
  ),
  textField({ path: 'computed.toNumber', description: 'who was called', example: '+14155550000' }, (source) =>
    isOutbound(source) ? otherNumber(source) : source.known.conversation.businessNumber,
  ),
  booleanField(
    { path: 'computed.afterHours', description: 'whether it began outside business hours', example: 'true' },
    ({ context }) => context?.afterHours,
  ),
  textField(
    {
      path: 'computed.deepLink',
      description: 'where the conversation can be looked at',
      example: 'https://app.example/c/conv_8f2',
    },
    ({ context }) => context?.deepLink,
  ),
];

function durationSeconds({ known: { conversation } }: MappingSource): number | undefined {
  const { durationSeconds: given, startedAt = '', endedAt = '' } = conversation;
  const span = (Date.parse(endedAt) - Date.parse(startedAt)) / 1_000;
  return given ?? (span >= 0 ? span : undefined);
}
