import { AssociationStore } from './association-store.ts';
import { ChangeSignal } from '../server/change-signal.ts';
import type { HubSpotSandboxOptions } from './options.ts';
import { PropertyRegistry } from './property-registry.ts';
import { randomUuid, seededRandom, type Random } from '../server/random.ts';
import { RecordStore } from './record-store.ts';
import { SearchIndex } from './search-index.ts';

/** One HubSpot account: its data, its definitions and the switches of how it behaves. */
export class Account {
  options: HubSpotSandboxOptions;
  readonly registry: PropertyRegistry;
  readonly records: RecordStore;
  readonly searchIndex: SearchIndex;
  readonly associations: AssociationStore;
  readonly changes = new ChangeSignal();
  /** Keys of upserts that were applied and not answered yet. */
  readonly keysInFlight = new Set<string>();
  readonly random: Random = () => this.#draw();
  #draw: Random;
  #seeding = false;

  constructor(options: HubSpotSandboxOptions) {
    this.options = options;
    this.#draw = seededRandom(options.seed);
    const now = (): number => this.options.now();
    this.registry = new PropertyRegistry(() => this.options);
    this.searchIndex = new SearchIndex({ now, lagMs: () => this.options.searchLagMs });
    this.associations = new AssociationStore(() => this.changes.emit());
    this.records = new RecordStore({
      registry: this.registry,
      random: this.random,
      now,
      keepsCloseDate: () => this.options.closeDateOfReopenedTicket === 'keep',
      changed: (record) => {
        this.searchIndex.note(record, this.#seeding);
        this.changes.emit();
      },
    });
  }

  /** Back to an empty account; the seed starts over, so that the same calls give the same ids again. */
  reset(): void {
    this.#draw = seededRandom(this.options.seed);
    this.registry.reset();
    this.records.reset();
    this.searchIndex.reset();
    this.associations.reset();
    this.keysInFlight.clear();
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

  newUuid(): string {
    return randomUuid(this.random);
  }

  isOwner(id: string): boolean {
    return this.options.owners.some((owner) => owner.id === id && !owner.archived);
  }
}
