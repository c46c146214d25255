/** An id that must be unique over all tenants belongs to another one. The admin chooses another id. */
export class IdTakenError extends Error {
  override readonly name = 'IdTakenError';
  readonly kind: 'connection' | 'endpoint';
  readonly id: string;

  constructor(kind: 'connection' | 'endpoint', id: string) {
    super(`${kind} ${id} belongs to another tenant; choose another id`);
    this.kind = kind;
    this.id = id;
  }
}

/** A connection was named that was never applied. */
export class UnknownConnectionError extends Error {
  override readonly name = 'UnknownConnectionError';
  readonly connectionId: string;

  constructor(connectionId: string) {
    super(`there is no connection ${connectionId}; apply the configuration that defines it`);
    this.connectionId = connectionId;
  }
}
