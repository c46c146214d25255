import type { PersonKey } from '../domain/caller.ts';
import type { CrmFailure, FieldValues, RecordRef, TaskWrite, WriteResult } from '../domain/crm.ts';
import { isSameRecord, relatedToLink, type WrittenRecord, type WrittenRecords } from '../domain/plan.ts';
import type { Part, Planned } from './steps.ts';

/** What applying a plan came to, for one conversation. */
export interface Applied {
  readonly planned: Planned;
  /** What stands in the CRM now, so far as we wrote it; kept even when a later write failed. */
  readonly written: WrittenRecords;
  readonly wrote: readonly RecordRef[];
  readonly failures: readonly CrmFailure[];
  /** What was left out, and stops nothing. */
  readonly warnings: readonly string[];
  /** A person this plan created; remembered so that the next conversation needs no search. */
  readonly person: { readonly key: PersonKey; readonly ref: RecordRef; readonly createdByUs: boolean } | undefined;
}

/** The changing half of an {@link Applied}; lives for one batch. */
export class Draft {
  readonly planned: Planned;
  person: RecordRef | undefined;
  personCreated = false;
  activity: WrittenRecords['activity'];
  task: WrittenRecords['task'];
  readonly wrote: RecordRef[] = [];
  readonly failures: CrmFailure[] = [];
  readonly warnings: string[] = [];
  /** Records whose write has had the last word on where they are put. */
  readonly #placed = new Set<Part>();

  constructor(planned: Planned) {
    this.planned = planned;
    const { written } = planned.row;
    this.activity = written.activity;
    this.task = written.task;
    const { person } = planned.plan;
    if (person.action === 'keep' || person.action === 'update') this.person = person.ref;
  }

  /**
   * Whose timeline the record is still to be put on. Nobody's when it is there already: somebody may have moved it since,
   * and it is not moved back.
   */
  personToLink(part: Part): RecordRef | undefined {
    return isSameRecord(this[part]?.linkedTo, this.person) ? undefined : this.person;
  }

  /** What else the record is still to be put on; as with the person, nothing is put back. */
  relatedToLink(part: Part): readonly RecordRef[] {
    if (this.#placed.has(part)) return [];
    return relatedToLink(this.planned.plan[part]?.related ?? [], this[part]);
  }

  /** What a write takes along, for a CRM that keeps it as fields of the record. */
  placesToGo(part: Part): Pick<TaskWrite, 'person' | 'related'> {
    const related = this.relatedToLink(part);
    return { person: this.personToLink(part), ...(related.length === 0 ? {} : { related }) };
  }

  /** Takes in the result of one write; true when it succeeded. */
  take(result: WriteResult): result is Extract<WriteResult, { kind: 'written' }> {
    if (result.kind === 'written') {
      this.wrote.push(result.ref);
      this.warnings.push(...(result.warnings ?? []));
      return true;
    }
    this.failures.push(result.failure);
    return false;
  }

  /** Takes in the result of writing a record, and remembers how it was left. */
  takeRecord(part: Part, result: WriteResult, fields: FieldValues): void {
    if (!this.take(result)) return;
    this[part] = remember(this[part], result, fields);
    // A CRM that takes the person along takes the rest along too: what it left out it has refused, with a warning.
    if (result.linkedTo !== undefined) this.#placed.add(part);
  }

  /** Takes in that a record is on a timeline now. */
  putOn(part: Part, isPerson: boolean, place: RecordRef): void {
    const record = this[part];
    if (record === undefined) return;
    this[part] = isPerson
      ? { ...record, linkedTo: place }
      : { ...record, relatedTo: [...(record.relatedTo ?? []), place] };
  }

  finish(): Applied {
    const { person } = this.planned.plan;
    return {
      planned: this.planned,
      written: {
        person: this.person,
        activity: this.activity,
        task: this.task,
        repeatCaller: this.planned.judgement.facts.repeatCaller,
      },
      wrote: this.wrote,
      failures: this.failures,
      warnings: this.warnings,
      person:
        person.action === 'none' || this.person === undefined
          ? undefined
          : { key: person.key, ref: this.person, createdByUs: this.personCreated },
    };
  }
}

/**
 * What we wrote last, field by field; a field that a later write left alone keeps its value, and so does a place. Of a
 * record that was made anew only this write counts.
 */
function remember(
  before: WrittenRecord | undefined,
  { ref, linkedTo, relatedTo = [], stored = {} }: Extract<WriteResult, { kind: 'written' }>,
  fields: FieldValues,
): WrittenRecord {
  const same = isSameRecord(before?.ref, ref) ? before : undefined;
  const storedBefore = Object.entries(same?.stored ?? {}).filter(([field]) => !(field in fields));
  const inOtherForm = { ...Object.fromEntries(storedBefore), ...stored };
  return {
    ref,
    fields: { ...same?.fields, ...fields },
    ...(Object.keys(inOtherForm).length === 0 ? {} : { stored: inOtherForm }),
    linkedTo: linkedTo ?? same?.linkedTo,
    relatedTo: [...(same?.relatedTo ?? []), ...relatedTo],
  };
}
