import type { AccountProperties } from './account-properties.ts';
import type { WrittenObject } from './properties.ts';

/** What provisioning has found out about the account, and writing goes by. */
export interface AccountShape {
  /**
   * Objects on which no unique property of ours may be made. Their writes look first and create then, which is less: an
   * answer that is lost after the write may leave a duplicate.
   */
  readonly unkeyed: ReadonlySet<WrittenObject>;
  /** True when a new contact can be marked as none that marketing is billed for. */
  readonly marksNonMarketing: boolean;
  /** What the account says of its properties; absent for one that was not looked at yet. */
  readonly properties: AccountProperties | undefined;
}

/** What is assumed of an account that was not looked at yet. */
export const KEYED_ACCOUNT: AccountShape = { unkeyed: new Set(), marksNonMarketing: false, properties: undefined };

/** The records this process has written without a unique property, so that a search that lags is not needed for them. */
export interface WrittenMemory {
  idOf(object: WrittenObject, key: string): string | undefined;
  remember(object: WrittenObject, key: string, id: string): void;
  forget(object: WrittenObject, key: string): void;
}

/** Some ten megabytes at most; the oldest is forgotten first. */
const MOST_REMEMBERED = 50_000;

export function createWrittenMemory(most = MOST_REMEMBERED): WrittenMemory {
  const ids = new Map<string, string>();
  const nameOf = (object: WrittenObject, key: string): string => `${object}/${key}`;
  return {
    idOf: (object, key) => ids.get(nameOf(object, key)),
    remember: (object, key, id) => {
      ids.delete(nameOf(object, key));
      ids.set(nameOf(object, key), id);
      const [oldest] = ids.keys();
      if (ids.size > most && oldest !== undefined) ids.delete(oldest);
    },
    forget: (object, key) => {
      ids.delete(nameOf(object, key));
    },
  };
}
