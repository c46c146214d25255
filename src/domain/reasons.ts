/** Who can do something about it. */
export type Actor = 'nobody' | 'sales_ops' | 'crm_admin' | 'operator';

interface ReasonEntry {
  readonly state: 'due' | 'waiting' | 'synced' | 'skipped' | 'needs_review' | 'failed';
  /** One sentence, without personal data, that tells a person what happened. */
  readonly means: string;
  readonly who: Actor;
  /** What that person does; empty for `nobody`. */
  readonly action: string;
}

/**
 * The one registry of reason codes. A code is public: people filter and script by it, so it is never renamed.
 */
export const REASONS = {
  event_received: entry('due', 'An event arrived; delivery is about to start.', 'nobody'),
  retry_requested: entry('due', 'Somebody asked for another delivery.', 'nobody'),
  conversation_active: entry(
    'waiting',
    'The conversation is still going on; the source is asked again later.',
    'nobody',
  ),
  handoff_written_conversation_active: entry(
    'waiting',
    'The follow-up task is in the CRM; the call record is completed when the conversation ends.',
    'nobody',
  ),
  source_conversation_unknown: entry(
    'waiting',
    'PersonaDesk does not know this conversation yet; it is asked again later.',
    'nobody',
  ),
  source_unavailable: entry('waiting', 'PersonaDesk could not be reached; delivery is tried again.', 'nobody'),
  source_rate_limited: entry('waiting', 'PersonaDesk asked us to slow down; delivery is tried again.', 'nobody'),
  source_unauthorized: entry(
    'waiting',
    'PersonaDesk refused our API key.',
    'operator',
    'Put a valid API key into the configuration and apply it; what waits is delivered by itself.',
  ),
  crm_unavailable: entry('waiting', 'The CRM did not answer properly; delivery is tried again.', 'nobody'),
  crm_rate_limited: entry('waiting', 'The CRM asked us to slow down; delivery goes on when it allows.', 'nobody'),
  connection_broken: entry(
    'waiting',
    'The CRM refused our credentials; everything for this connection waits.',
    'crm_admin',
    'Renew the credentials, then resume the connection.',
  ),
  written: entry('synced', 'The conversation is in the CRM.', 'nobody'),
  written_without_end: entry(
    'synced',
    'The conversation was written as it stood: the source never reported its end.',
    'nobody',
  ),
  nothing_to_change: entry('synced', 'The CRM already holds exactly this.', 'nobody'),
  caller_withheld: entry('skipped', 'The caller withheld the number and left no e-mail address.', 'nobody'),
  no_caller_identity: entry(
    'skipped',
    'There is no usable number and no e-mail address to find a person by.',
    'nobody',
  ),
  unknown_caller_policy: entry(
    'skipped',
    'The CRM knows nobody with this number, and the policy says not to create people.',
    'nobody',
  ),
  filtered: entry('skipped', 'A filter of the connection takes conversations like this one out.', 'nobody'),
  skipped_by_person: entry('skipped', 'A person chose to leave this conversation, or this caller, out.', 'nobody'),
  unknown_caller_review: entry(
    'needs_review',
    'The CRM knows nobody with this number, and the policy leaves it to a person.',
    'sales_ops',
    'Choose, create or skip with `review`.',
  ),
  ambiguous_caller: entry(
    'needs_review',
    'Several people in the CRM have this number.',
    'sales_ops',
    'Choose the person with `review`, or merge the duplicates and retry.',
  ),
  crm_refused_record: entry(
    'failed',
    'The CRM refused this record.',
    'sales_ops',
    'Read the refusal in `explain`, correct the data, then retry.',
  ),
  crm_refused_mapping: entry(
    'failed',
    'The CRM refused a field that the mapping writes.',
    'crm_admin',
    'Correct the mapping or the CRM field, then retry.',
  ),
  crm_unavailable_too_long: entry(
    'failed',
    'The CRM could not take the record for too long.',
    'operator',
    'See whether the CRM works, then retry.',
  ),
  source_conversation_missing: entry(
    'failed',
    'PersonaDesk never knew this conversation, though an event named it.',
    'operator',
    'Check that the webhook and the API key belong to the same tenant, then retry.',
  ),
  internal_error: entry(
    'failed',
    'Delivery stopped at a fault of our own.',
    'operator',
    'Report the conversation id, then retry after an upgrade.',
  ),
} as const satisfies Record<string, ReasonEntry>;

export type ReasonCode = keyof typeof REASONS;

/** The registry entry of a code. */
export function reasonEntry(code: ReasonCode): ReasonEntry {
  return REASONS[code];
}

/** Narrows text from outside (a flag, a stored row) to a reason code. */
export function isReasonCode(text: string): text is ReasonCode {
  return Object.hasOwn(REASONS, text);
}

function entry<S extends ReasonEntry['state']>(
  state: S,
  means: string,
  who: Actor,
  action = '',
): ReasonEntry & { readonly state: S } {
  return { state, means, who, action };
}
