/** Why no answer came. */
export type NoAnswerCode = 'timeout' | 'reset' | 'refused' | 'dns' | 'aborted' | 'too_large' | 'tls' | 'network';

/** A network event, read from the error it arrived as. */
export interface NetworkFailure {
  readonly code: NoAnswerCode;
  /** False only where the request certainly never reached the server. */
  readonly mayHaveReachedServer: boolean;
}

/** Error codes of Node and undici; a code that is missing here is `network` and may have reached the server. */
const BY_ERROR_CODE: Readonly<Record<string, NetworkFailure>> = {
  UND_ERR_CONNECT_TIMEOUT: { code: 'timeout', mayHaveReachedServer: false },
  UND_ERR_HEADERS_TIMEOUT: { code: 'timeout', mayHaveReachedServer: true },
  UND_ERR_BODY_TIMEOUT: { code: 'timeout', mayHaveReachedServer: true },
  ETIMEDOUT: { code: 'timeout', mayHaveReachedServer: true },
  UND_ERR_SOCKET: { code: 'reset', mayHaveReachedServer: true },
  ECONNRESET: { code: 'reset', mayHaveReachedServer: true },
  EPIPE: { code: 'reset', mayHaveReachedServer: true },
  ECONNREFUSED: { code: 'refused', mayHaveReachedServer: false },
  EHOSTUNREACH: { code: 'network', mayHaveReachedServer: false },
  ENETUNREACH: { code: 'network', mayHaveReachedServer: false },
  EADDRNOTAVAIL: { code: 'network', mayHaveReachedServer: false },
  EMFILE: { code: 'network', mayHaveReachedServer: false },
  ENOTFOUND: { code: 'dns', mayHaveReachedServer: false },
  EAI_AGAIN: { code: 'dns', mayHaveReachedServer: false },
  UND_ERR_RES_EXCEEDED_MAX_SIZE: { code: 'too_large', mayHaveReachedServer: true },
  UND_ERR_CLOSED: { code: 'aborted', mayHaveReachedServer: false },
  UND_ERR_DESTROYED: { code: 'aborted', mayHaveReachedServer: true },
  UND_ERR_ABORTED: { code: 'aborted', mayHaveReachedServer: true },
};

/** Certificate and handshake errors of OpenSSL, as Node names them. The request is sent after the handshake only. */
const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH$|EPROTO$)/;

/** Undefined for an error that is no network event, such as a header value that may not be sent. */
export function readNetworkFailure(error: unknown): NetworkFailure | undefined {
  const code = errorCode(error);
  if (code === undefined) return undefined;
  const known = BY_ERROR_CODE[code];
  if (known !== undefined) return known;
  if (TLS_CODE.test(code)) return { code: 'tls', mayHaveReachedServer: false };
  if (code.startsWith('UND_ERR_INVALID_') || code.startsWith('ERR_INVALID_')) return undefined;
  return { code: 'network', mayHaveReachedServer: true };
}

function errorCode(error: unknown): string | undefined {
  // By shape: an error of another realm (a VM context, a worker) is no instance of this one's Error.
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? errorCode(error.cause) : undefined;
}
