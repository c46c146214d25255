import type { DeliverDependencies } from '../../delivery/dependencies.ts';
import { ownerPolicyOf, type ConnectionConfiguration } from '../../domain/configuration.ts';
import type { OwnerAnswer, OwnerQuery } from '../../domain/crm.ts';
import { ownerQuery } from '../../domain/owner-policy.ts';
import { sound, warning, type DoctorFinding } from './doctor-finding.ts';

type Connector = ReturnType<DeliverDependencies['connectorFor']>;

/**
 * Looks for gaps between the owners that the configuration names and those that the CRM has. Findings name agents, never
 * addresses. Nothing is asked when nobody is named.
 */
export async function examineOwners(
  connector: Pick<Connector, 'findOwners'>,
  configuration: ConnectionConfiguration,
  context: Parameters<Connector['findOwners']>[1],
): Promise<readonly DoctorFinding[]> {
  const named = namedOwners(configuration);
  if (named.length === 0) return [];
  const answers = await connector.findOwners(
    named.map(({ query }) => query),
    context,
  );
  const whose = (kind: OwnerAnswer['kind']) =>
    named.filter((_, index) => answers[index]?.kind === kind).map(({ who }) => who);
  const findings = [
    ...gap('owner_unknown', 'is not known to the CRM', whose('unknown')),
    ...gap('owner_inactive', 'is not active in the CRM', whose('inactive')),
    ...unchecked(answers),
  ];
  return findings.length === 0
    ? [sound('crm', 'owners_found', 'Every owner in the configuration is an active one of the CRM.')]
    : findings;
}

interface NamedOwner {
  readonly who: string;
  readonly query: OwnerQuery;
}

function namedOwners(configuration: ConnectionConfiguration): readonly NamedOwner[] {
  const { agents, fallback } = ownerPolicyOf(configuration);
  return [
    ...Object.entries(agents).map(([agent, name]) => ({ who: `agent ${agent}`, query: ownerQuery(name) })),
    ...(fallback === undefined ? [] : [{ who: 'the fallback', query: ownerQuery(fallback) }]),
  ];
}

/** More names than this help nobody who reads them. */
const SHOWN = 10;

function gap(code: string, is: string, whose: readonly string[]): readonly DoctorFinding[] {
  if (whose.length === 0) return [];
  const more = whose.length > SHOWN ? ` and ${whose.length - SHOWN} more` : '';
  return [
    warning(
      'crm',
      code,
      `The owner in the configuration ${is}: ${whose.slice(0, SHOWN).join(', ')}${more}. The next rule of \`owners\` decides for them.`,
      'An operator corrects `owners` in the configuration, or a CRM admin makes the user an active one; a queue must be allowed to own tasks.',
    ),
  ];
}

function unchecked(answers: readonly OwnerAnswer[]): readonly DoctorFinding[] {
  const [failure] = answers.flatMap((answer) => (answer.kind === 'could_not_check' ? [answer.failure] : []));
  if (failure === undefined) return [];
  return [
    warning(
      'crm',
      'owners_not_checked',
      `The owners in the configuration could not be looked for (${failure.code}).`,
      'A CRM admin lets the integration user read owners (users); until then records are left to the CRM.',
    ),
  ];
}
