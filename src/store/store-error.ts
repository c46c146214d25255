/**
 * SQLSTATE classes and codes after which the same statement may succeed: connection lost (08), out of resources (53),
 * stopped or starting server (57P0x), time-out or cancelled (57014), serialisation (40001), deadlock (40P01), lock not
 * available (55P03), read-only standby during a fail-over (25006).
 */
const RETRYABLE_SQLSTATE = /^(08|53|57P0|57014|40001|40P01|55P03|25006)/;
const SQLSTATE = /^[0-9A-Z]{5}$/;
/** Codes of Node's own socket errors look like `ECONNREFUSED`. */
const SYSTEM_CODE = /^E[A-Z_]{3,}$/;

/**
 * The database refused a statement or could not be reached. Carries the code only: PostgreSQL's own message and detail
 * quote values, and values are people's data.
 */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  /** SQLSTATE (`23505`), a socket code (`ECONNREFUSED`), `timeout`, `connection_lost` or `unknown`. */
  readonly code: string;
  /** True when trying the same again later may succeed. */
  readonly retryable: boolean;
  /** The violated constraint, if any: a name of our own schema. */
  readonly constraint: string | undefined;

  constructor(code: string, retryable: boolean, constraint?: string) {
    super(`the database did not take a statement (${code}${constraint === undefined ? '' : `, ${constraint}`})`);
    this.code = code;
    this.retryable = retryable;
    this.constraint = constraint;
  }
}

/** Reduces whatever the driver threw to a {@link StoreError}. The original is dropped, not kept as the cause: it quotes values. */
export function toStoreError(thrown: unknown): StoreError {
  if (thrown instanceof StoreError) return thrown;
  const code = textOf(thrown, 'code');
  if (code !== undefined && SYSTEM_CODE.test(code)) return new StoreError(code, true);
  if (code !== undefined && SQLSTATE.test(code)) {
    return new StoreError(code, RETRYABLE_SQLSTATE.test(code), textOf(thrown, 'constraint'));
  }
  return fromDriverMessage(textOf(thrown, 'message') ?? '');
}

/** The driver's own faults carry no code; these texts are fixed strings in its source and hold no data. */
function fromDriverMessage(message: string): StoreError {
  if (/timeout/i.test(message)) return new StoreError('timeout', true);
  if (/Connection terminated|not queryable|Client was closed/.test(message))
    return new StoreError('connection_lost', true);
  return new StoreError('unknown', false);
}

function textOf(thrown: unknown, key: 'code' | 'constraint' | 'message'): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined;
  const value: unknown = Reflect.get(thrown, key);
  return typeof value === 'string' ? value : undefined;
}
