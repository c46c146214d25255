import { describe, expect, it } from '@jest/globals';
import { createConnector } from '../../connectors/registry.ts';
import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import { configurationSchema, type ConnectionConfiguration } from '../../src/domain/configuration.ts';
import { CRM_KINDS, type CrmKind } from '../../src/domain/crm.ts';

const REACHED_BY_HTTP: readonly CrmKind[] = CRM_KINDS.filter((kind) => kind !== 'csv-log');

describe('the registry of connectors', () => {
  it.each(CRM_KINDS)('has a connector for %s that says so', async (kind) => {
    const transport = createHttpTransport();
    const connector = createConnector(configurationOf(kind), means(transport));
    expect(connector.crm).toBe(kind);
    await connector.close();
    await transport.close();
  });

  it.each(['http://api.example.com', 'https://user:password@api.example.com', 'https://api.example.com/?a=b'])(
    'refuses the base URL %p before anything is sent',
    async (baseUrl) => {
      const transport = createHttpTransport();
      for (const kind of REACHED_BY_HTTP) {
        expect(() => createConnector(configurationOf(kind, baseUrl), means(transport))).toThrow(TypeError);
      }
      await transport.close();
    },
  );
});

function configurationOf(crm: CrmKind, baseUrl = 'https://api.example.com'): ConnectionConfiguration {
  const access =
    crm === 'csv-log' ? { folder: '/nowhere' } : { baseUrl, credentials: { accessToken: { env: 'TOKEN' } } };
  const { tenants } = configurationSchema.parse({
    version: 1,
    tenants: [
      {
        id: 'ten_a',
        name: 'A',
        personadesk: { apiKey: { env: 'KEY' } },
        webhook: { verification: { scheme: 'bearer', secrets: [{ env: 'SECRET' }] } },
        connections: [{ id: 'a', crm, ...access }],
      },
    ],
  });
  const connection = tenants[0]?.connections[0];
  if (connection === undefined) throw new Error('the schema lost the connection');
  return connection;
}

function means(transport: ReturnType<typeof createHttpTransport>) {
  return { accessToken: () => Promise.resolve('token'), defaultCountry: 'US', transport };
}
