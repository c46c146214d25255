import type { CallContext, Connector } from '../../connectors/connector.ts';
import type { CrmFailure, RecordRead, RecordRef } from '../domain/crm.ts';
import { crmFailed } from '../domain/outcome.ts';
import { activityKindOf, evaluate, type Mapping } from '../mapping/mapping.ts';
import type { PrepareDependencies } from './dependencies.ts';
import { MODES_THAT_LOOK } from './fields/decide-field.ts';
import { asWeLeftIt, changesOf } from './fields/field-states.ts';
import { sourceOf, type PlanInput } from './plan.ts';
import { settle, split, type LookedUp, type Part, type PresentRecord, type Settled, type StepResult } from './steps.ts';

/** What the step works with. */
interface ReadingDependencies extends Pick<PrepareDependencies, 'now' | 'policy'>, Pick<PlanInput, 'tenant'> {
  readonly mapping: Mapping;
}

/**
 * Reads what the CRM holds now of what was written for these conversations before, where there is something new to write
 * and the mapping asks what people have made of the old: one call of the connector for the batch. A conversation that is
 * written for the first time costs nothing, and neither does one of which nothing has changed.
 *
 * A record that could not be read says nothing of what people wrote into it: its conversation waits.
 */
export async function readWritten(
  deps: ReadingDependencies,
  connector: Pick<Connector, 'readRecords'>,
  items: readonly LookedUp[],
  context: CallContext,
): Promise<StepResult<LookedUp>> {
  const asked = items.map((item) => PARTS.flatMap((part) => questionOf(part, item, deps) ?? []));
  const questions = asked.flat();
  if (questions.length === 0) return { next: items, settled: [] };
  const fields = [...new Set(questions.flatMap((question) => [...question.fields]))];
  const reads = await connector.readRecords(
    questions.map(({ ref }) => ref),
    fields,
    context,
  );
  if (reads.length !== questions.length) {
    throw new TypeError(`the connector read ${reads.length} of ${questions.length} records`);
  }
  const answers = new Map(questions.map((question, index) => [question, reads[index]]));
  return split(
    items.map((item, index): LookedUp | Settled => {
      const present: Partial<Record<Part, PresentRecord>> = {};
      for (const question of asked[index] ?? []) {
        const read = answers.get(question);
        if (read?.kind === 'could_not_check') return wait(item, read.failure, deps);
        if (read !== undefined) present[question.part] = toPresent(read, question.fields);
      }
      return { ...item, present };
    }),
  );
}

const PARTS: readonly Part[] = ['activity', 'task'];

/** A record that was written, and the fields of which it matters what they hold. */
interface Question {
  readonly part: Part;
  readonly ref: RecordRef;
  readonly fields: ReadonlySet<string>;
}

function questionOf(part: Part, item: LookedUp, { mapping, tenant }: ReadingDependencies): Question | undefined {
  const written = item.row.written[part];
  if (written === undefined) return undefined;
  const kind = activityKindOf(item.known.conversation.channel);
  const rules = part === 'task' ? mapping.task : mapping.activity(kind);
  const fields = new Set(rules.filter(({ mode }) => MODES_THAT_LOOK.has(mode)).map(({ field }) => field));
  if (fields.size === 0) return undefined;
  const wanted = evaluate(rules, sourceOf({ ...item, tenant }));
  const changes = changesOf(wanted, asWeLeftIt(written), item.known.conversation.id);
  const isNews = changes.some(({ decision }) => decision === 'write');
  return isNews ? { part, ref: written.ref, fields } : undefined;
}

function toPresent(read: Exclude<RecordRead, { kind: 'could_not_check' }>, asked: ReadonlySet<string>): PresentRecord {
  if (read.kind === 'gone') return read;
  const { fields, limits } = read;
  return { kind: 'present', asked, fields, limits };
}

/** As after a look-up that could not be made: nothing is written, and it is asked again. */
function wait(
  item: LookedUp,
  failure: CrmFailure,
  { now, policy }: Pick<PrepareDependencies, 'now' | 'policy'>,
): Settled {
  return settle(item, crmFailed(item.row, failure, now(), policy), { lookUp: item.lookUp, failures: [failure] });
}
