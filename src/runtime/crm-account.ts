import { openAccessTokens } from '../../connectors/credentials/open-access-tokens.ts';
import type { AfterRefusal } from '../../connectors/credentials/access-tokens.ts';
import { withReadyTokens } from '../../connectors/credentials/with-ready-tokens.ts';
import type { Connector } from '../../connectors/connector.ts';
import { createConnector } from '../../connectors/registry.ts';
import type { HttpTransport } from '../../connectors/transport/http-transport.ts';
import type { Connection } from '../domain/connection.ts';
import type { Store } from '../store/store.ts';

/** The CRM side of one connection. */
export interface CrmAccount {
  readonly connector: Connector;
  /** The CRM answered 401 to the token that was sent last. */
  afterRefusal(): Promise<AfterRefusal>;
  close(): Promise<void>;
}

export interface CrmAccountMeans {
  readonly store: Pick<Store, 'secrets' | 'tokens'>;
  /** Shared; not closed here. */
  readonly transport: HttpTransport;
  readonly now: () => Date;
}

/** Wires a connection's connector to its credentials. Nothing is asked before the first call. */
export function openCrmAccount({ tenantId, configuration, tenant }: Connection, means: CrmAccountMeans): CrmAccount {
  const { store, transport, now } = means;
  const tokens = openAccessTokens(configuration, {
    tenantId,
    tokens: store.tokens,
    secret: (reference) => store.secrets.resolve(tenantId, reference),
    transport,
    now,
  });
  let sent: string | undefined;
  const accessToken = async (): Promise<string> => {
    if (tokens === undefined) throw new TypeError('this kind of connection has no access token');
    sent = await tokens.accessToken();
    return sent;
  };
  const connector = createConnector(configuration, { accessToken, defaultCountry: tenant.defaultCountry, transport });
  return {
    connector: tokens === undefined ? connector : withReadyTokens(connector, tokens),
    afterRefusal: () => (tokens === undefined || sent === undefined ? Promise.resolve('broken') : tokens.refused(sent)),
    close: () => connector.close(),
  };
}
