import { BulkJobStore } from './bulk-jobs.ts';
import { ChangeSignal } from '../server/change-signal.ts';
import { seededRandom, type Random } from '../server/random.ts';
import { DailyLimit } from './daily-limit.ts';
import { instantText } from './field-values.ts';
import type { FieldValues } from './field.ts';
import type { ObjectName } from './object-types.ts';
import type { SalesforceSandboxOptions } from './options.ts';
import { makeRecordId } from './record-ids.ts';
import { RecordStore } from './record-store.ts';
import { Schema } from './schema.ts';
import { SearchIndex } from './search-index.ts';

/** Rows of a query whose first pages were handed out. */
export interface PendingRows {
  readonly total: number;
  readonly rows: readonly Record<string, unknown>[];
}

/** One Salesforce org: its data, its definitions and the switches of how it behaves. */
export class Org {
  options: SalesforceSandboxOptions;
  readonly schema: Schema;
  readonly records: RecordStore;
  readonly searchIndex: SearchIndex;
  readonly daily: DailyLimit;
  /** Jobs of the Bulk API 2.0. */
  readonly bulk = new BulkJobStore();
  /** Results that are read page by page, by the id in their locator. */
  readonly cursors = new Map<string, PendingRows>();
  readonly changes = new ChangeSignal();
  /** Saves each validation rule has refused so far. */
  readonly refusedBy = new Map<object, number>();
  readonly random: Random = () => this.#draw();
  #draw: Random;
  #seeding = false;

  constructor(options: SalesforceSandboxOptions) {
    this.options = options;
    this.#draw = seededRandom(options.seed);
    const now = (): number => this.options.now();
    this.daily = new DailyLimit({ now, allowed: () => this.options.dailyRequests });
    this.schema = new Schema(() => this.options);
    this.searchIndex = new SearchIndex({ now, lagMs: () => this.options.searchLagMs });
    this.records = new RecordStore({
      now,
      firstNumber: () => 1_000_000 + Math.floor(this.random() * 1_000_000),
      changed: (record) => {
        this.searchIndex.note(record, this.#seeding);
        this.changes.emit();
      },
    });
    this.#addSetup();
  }

  /** Back to an org with nothing but its users; the seed starts over, so that the same calls give the same ids again. */
  reset(): void {
    this.#draw = seededRandom(this.options.seed);
    this.searchIndex.reset();
    this.records.reset();
    this.refusedBy.clear();
    this.cursors.clear();
    this.bulk.reset();
    this.daily.reset();
    this.#addSetup();
    this.changes.emit();
  }

  /** Runs `write` as history: what it changes is visible to search at once. */
  asExistingData<T>(write: () => T): T {
    this.#seeding = true;
    try {
      return write();
    } finally {
      this.#seeding = false;
    }
  }

  /** The present as a record shows it. */
  nowText(): string {
    return instantText(this.options.now());
  }

  #addSetup(): void {
    const { users, queues, taskStatuses, recordTypes, personAccounts } = this.options;
    for (const user of users) {
      const { id, username: Username, email: Email, firstName, lastName, isActive: IsActive } = user;
      const UserType = id === this.options.integrationUserId ? 'CloudIntegrationUser' : 'Standard';
      const names = { FirstName: firstName, LastName: lastName, Name: `${firstName} ${lastName}` };
      this.#add('User', id, { Username, Email, ...names, Alias: lastName.slice(0, 8), IsActive, UserType });
    }
    for (const { id, name: Name, developerName: DeveloperName } of queues) {
      this.#add('Group', id, { Name, DeveloperName, Type: 'Queue' });
    }
    const owned = queues.flatMap(({ id, objects }) => objects.map((SobjectType) => ({ QueueId: id, SobjectType })));
    owned.forEach((values, at) => this.#add('QueueSobject', makeRecordId('03g', at + 1), values));
    for (const { id, object: SobjectType, name: Name, developerName: DeveloperName, ...type } of recordTypes) {
      const IsPersonType = personAccounts && type.isPersonType === true;
      this.#add('RecordType', id, { Name, DeveloperName, SobjectType, IsActive: type.isActive, IsPersonType });
    }
    taskStatuses.forEach(({ name, isClosed: IsClosed, isDefault: IsDefault }, at) => {
      const values = { MasterLabel: name, ApiName: name, SortOrder: at + 1, IsDefault, IsClosed };
      this.#add('TaskStatus', makeRecordId('01J', at + 1), values);
    });
  }

  #add(object: ObjectName, id: string, values: FieldValues): void {
    const by = this.options.integrationUserId;
    const at = this.nowText();
    const stamps = { CreatedDate: at, LastModifiedDate: at, SystemModstamp: at, CreatedById: by, LastModifiedById: by };
    this.asExistingData(() => this.records.create(object, () => ({ ...values, ...stamps }), by, id));
  }
}
