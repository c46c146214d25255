import { openSignIn } from '../../connectors/credentials/open-sign-in.ts';
import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import type { SignIn } from '../domain/authorization.ts';
import type { Connection } from '../domain/connection.ts';
import type { Store } from '../store/store.ts';

/** How people sign in for connections, wired to the real world; `close` gives the sockets back. */
export interface SignIns {
  readonly signInFor: (connection: Connection) => Promise<SignIn | undefined>;
  close(): Promise<void>;
}

/** Connects to nothing by itself. */
export function createSignIns({ secrets }: Pick<Store, 'secrets'>): SignIns {
  const transport = createHttpTransport();
  return {
    signInFor: ({ tenantId, configuration }) =>
      openSignIn(configuration, {
        secret: (reference) => secrets.resolve(tenantId, reference),
        transport,
        now: () => new Date(),
      }),
    close: () => transport.close(),
  };
}
