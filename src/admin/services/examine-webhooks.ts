import type { Store } from '../../store/store.ts';
import { duration, relative } from '../wording.ts';
import { fault, sound, warning, type DoctorFinding } from './doctor-finding.ts';
import type { StoredTenant } from './examine-secrets.ts';
import type { SecretSource } from './ports.ts';

const HOUR_MS = 60 * 60 * 1000;
/** A weekend with a holiday on either side is no reason to wake anybody. */
const SILENT_AFTER_MS = 4 * 24 * HOUR_MS;

export interface WebhookDependencies {
  readonly inbox: Pick<Store['inbox'], 'lastReceivedAt'>;
  readonly secrets: SecretSource;
  /** Where PersonaDesk reaches the intake, without a slash at the end. */
  readonly intakeUrl: string;
}

export interface WebhookExamination {
  readonly findings: readonly DoctorFinding[];
  readonly lastEventAt: Date | undefined;
}

/**
 * Looks at the way in.
 *
 * @param missing what was found of the tenant's verification secrets: those that cannot be read.
 */
export async function examineWebhooks(
  tenant: StoredTenant,
  missing: readonly DoctorFinding[],
  now: Date,
  dependencies: WebhookDependencies,
): Promise<WebhookExamination> {
  const { secrets, scheme } = tenant.settings.webhook.verification;
  const isRotation = missing.length < secrets.length;
  const unusable = missing.length > 0 || scheme !== 'standard-webhooks' ? [] : await malformed(tenant, dependencies);
  const lastEventAt = await dependencies.inbox.lastReceivedAt(tenant.id);
  return {
    findings: [
      // One of several secrets that cannot be read is the usual state in the middle of a rotation.
      ...missing.map((finding) => (isRotation ? { ...finding, severity: 'warning' as const } : finding)),
      ...unusable,
      ...(missing.length + unusable.length === 0 ? [verifiable(scheme)] : []),
      lastEvent(lastEventAt, `${dependencies.intakeUrl}/webhooks/personadesk/${tenant.endpointId}`, tenant.id, now),
    ],
    lastEventAt,
  };
}

function verifiable(scheme: string): DoctorFinding {
  return sound('webhooks', 'webhooks_verifiable', `Webhooks are verified by ${scheme}.`);
}

/**
 * The intake takes a Standard Webhooks secret for what its specification says: base64, with or without `whsec_`. Any other
 * text never matches a signature, and every event would be refused.
 */
async function malformed(tenant: StoredTenant, { secrets }: WebhookDependencies): Promise<readonly DoctorFinding[]> {
  const references = tenant.settings.webhook.verification.secrets;
  const values = await Promise.all(references.map((reference) => secrets.resolve(tenant.id, reference)));
  return values.flatMap((value, index) =>
    /^(whsec_)?[A-Za-z0-9+/]+={0,2}$/.test(value)
      ? []
      : [
          fault(
            'webhooks',
            'webhook_secret_malformed',
            `webhook.verification.secrets[${index}] is not base64: no event that is signed with it can be verified.`,
            'An operator copies the secret again from PersonaDesk, as it stands there: `whsec_` and base64.',
          ),
        ],
  );
}

function lastEvent(at: Date | undefined, url: string, tenantId: string, now: Date): DoctorFinding {
  const check = `An operator checks in PersonaDesk that webhooks go to ${url}; try the way in with: crm-sync send-test-event ${tenantId}`;
  if (at === undefined) {
    return warning('webhooks', 'no_event_yet', 'No webhook has come in, as far back as they are kept.', check);
  }
  const silentMs = now.getTime() - at.getTime();
  if (silentMs > SILENT_AFTER_MS) {
    return warning('webhooks', 'no_event_lately', `No webhook has come in for ${duration(silentMs)}.`, check);
  }
  return sound('webhooks', 'event_received', `The last webhook came in ${relative(at, now)}, at ${at.toISOString()}.`);
}
