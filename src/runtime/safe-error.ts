/**
 * An error whose message may be shown and logged: it is made of our own words, ids, codes and counts, never of what a
 * caller, a CRM or a database said. The message of any other error stays out of the logs.
 */
export class SafeError extends Error {
  /** Stable and machine-readable, such as `port_in_use`. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}
