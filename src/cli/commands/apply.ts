import { applyConfiguration, type ApplyResult } from '../../admin/services/apply-configuration.ts';
import type { SecretWarning } from '../../admin/services/check-secrets.ts';
import type { Change } from '../../admin/services/configuration-difference.ts';
import type { ConfigurationProblem } from '../../admin/services/configuration-problem.ts';
import { counted } from '../../admin/wording.ts';
import { environmentOfProcess } from '../../runtime/environment.ts';
import { done, failed, type CommandOutcome } from '../command-outcome.ts';
import { withServices } from '../with-services.ts';
import { problemText } from '../problem-text.ts';
import { readNamedFile } from './read-file.ts';

/** Brings the configuration to what a file says, or shows what that would change. */
export async function apply(request: { readonly file: string; readonly dryRun: boolean }): Promise<CommandOutcome> {
  const environment = environmentOfProcess();
  const yaml = await readNamedFile(request.file);
  return withServices(environment, async ({ store, wake }) => {
    const crmHosts = environment.production ? 'vendors' : 'any';
    const dependencies = { store, wake, now: () => new Date(), crmHosts } as const;
    const result = await applyConfiguration({ yaml, dryRun: request.dryRun }, dependencies);
    return outcomeOf(result, environment.publicUrl);
  });
}

function outcomeOf(result: ApplyResult, publicUrl: string): CommandOutcome {
  switch (result.kind) {
    case 'refused': {
      const blocks = [refusedAnswer(result.problems), result.problems.map(problemText).join('\n')];
      return failed({ blocks, json: result });
    }
    case 'shown': {
      const hints = [...result.warnings.map(warningText), 'nothing was changed; apply without --dry-run to change it'];
      return done({ blocks: [answerOf(result.changes, 'would be'), changesText(result.changes)], hints, json: result });
    }
    case 'applied': {
      const endpoints = result.endpoints.map(({ tenantId, endpointId }) => ({
        tenantId,
        url: `${publicUrl}/webhooks/personadesk/${endpointId}`,
      }));
      const hints = [
        ...result.warnings.map(warningText),
        ...result.notWoken.map(
          (id) => `Temporal did not answer: ${id} takes the change up within seconds of its return`,
        ),
        ...endpoints.map(({ tenantId, url }) => `webhooks of ${tenantId} go to ${url}`),
      ];
      return done({
        blocks: [answerOf(result.changes, ''), changesText(result.changes)],
        hints,
        json: { ...result, endpoints },
      });
    }
  }
}

function refusedAnswer(problems: readonly ConfigurationProblem[]): string {
  return `The file was not applied: ${counted(problems.length, 'problem')}. Nothing was changed.`;
}

function warningText({ path, line, warning }: SecretWarning): string {
  return `${path}${line === undefined ? '' : ` (line ${line})`}: ${warning}`;
}

function answerOf(changes: readonly Change[], auxiliary: string): string {
  const count = (kind: Change['kind']) => changes.filter((change) => change.kind === kind).length;
  const parts = (['added', 'changed'] as const)
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${[auxiliary, kind].filter((word) => word !== '').join(' ')}`);
  if (parts.length === 0) return 'Nothing to change: the configuration already says this.';
  return `${parts.join(', ')}, ${count('unchanged')} unchanged.`;
}

const MARK = { added: '+', changed: '~', unchanged: '=', only_in_database: '!' } as const satisfies Record<
  Change['kind'],
  string
>;

function changesText(changes: readonly Change[]): string {
  return changes.map(changeText).join('\n');
}

function changeText({ kind, what, id, settings }: Change): string {
  const note = kind === 'only_in_database' ? ' is only in the database, left alone' : '';
  const lines = settings.map(({ setting, from, to }) => `    ${setting}: ${from ?? '-'} -> ${to ?? '-'}`);
  return [`${MARK[kind]} ${what} ${id}${note}`, ...lines].join('\n');
}
