import type { PlannedSave } from './check-save.ts';
import type { FieldValue } from './field.ts';
import type { DuplicateRule } from './options.ts';
import type { Org } from './org.ts';
import type { SalesforceRecord } from './record-store.ts';
import { saveProblem, type Problem } from './refusal.ts';
import type { SaveContext } from './save-context.ts';

/** What the duplicate rules say to a save; null when they let it pass. `allowSave` passes over alerts, never over blocks. */
export function duplicateProblem({ org, allowSave }: SaveContext, save: PlannedSave): Problem | null {
  for (const rule of org.options.duplicateRules) {
    if (rule.object !== save.object || (rule.action === 'alert' && allowSave)) continue;
    const twins = [rule.object, ...(rule.alsoAgainst ?? [])]
      .flatMap((object) => org.records.all(object))
      .filter((record) => record !== save.target && !record.isDeleted && agrees(rule, save, record));
    if (twins.length > 0) return detected(org, rule, twins);
  }
  return null;
}

/** Whether one of the rule's fields that the save sets has the same value there. */
function agrees({ fields }: DuplicateRule, { changes }: PlannedSave, record: SalesforceRecord): boolean {
  return fields.some((name) => {
    const value = comparable(changes[name]);
    return value !== '' && value === comparable(record.values[name]);
  });
}

const comparable = (value: FieldValue | undefined): string => String(value ?? '').toLowerCase();

/** The error of Salesforce's duplicate rules guide, with the records it found. */
function detected(org: Org, rule: DuplicateRule, twins: readonly SalesforceRecord[]): Problem {
  const message = 'Use one of these records?';
  const version = org.options.newestApiVersion;
  const matchResults = [...Map.groupBy(twins, ({ object }) => object)].map(([object, group]) => ({
    entityType: object,
    errors: [],
    matchEngine: 'ExactMatchEngine',
    matchRecords: group.map(({ id }) => ({
      additionalInformation: [],
      fieldDiffs: [],
      matchConfidence: 100,
      record: { attributes: { type: object, url: `/services/data/v${version}.0/sobjects/${object}/${id}` }, Id: id },
    })),
    rule: `Standard_${object}_Match_Rule_v1_0`,
    size: group.length,
    success: true,
  }));
  const result = {
    allowSave: rule.action === 'alert',
    duplicateRule: `Standard_${rule.object}_Duplicate_Rule`,
    duplicateRuleEntityType: rule.object,
    errorMessage: message,
    matchResults,
  };
  return { ...saveProblem('DUPLICATES_DETECTED', message), more: { [org.options.duplicateResultKey]: result } };
}
