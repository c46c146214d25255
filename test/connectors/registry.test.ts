import { describe, expect, it } from '@jest/globals';
import { createConnector } from '../../connectors/registry.ts';
import { createHttpTransport } from '../../connectors/transport/http-transport.ts';
import { CRM_KINDS } from '../../src/domain/crm.ts';

describe('the registry of connectors', () => {
  it.each(CRM_KINDS)('has a connector for %s that says so', async (kind) => {
    const transport = createHttpTransport();
    const connector = createConnector(kind, options(transport, 'https://api.example.com'));
    expect(connector.crm).toBe(kind);
    await connector.close();
    await transport.close();
  });

  it.each([
    'http://api.example.com',
    'not a url',
    'https://user:password@api.example.com',
    'https://api.example.com/?a=b',
  ])('refuses the base URL %p before anything is sent', async (baseUrl) => {
    const transport = createHttpTransport();
    for (const kind of CRM_KINDS) expect(() => createConnector(kind, options(transport, baseUrl))).toThrow(TypeError);
    await transport.close();
  });
});

function options(transport: ReturnType<typeof createHttpTransport>, baseUrl: string) {
  return { baseUrl, accessToken: () => Promise.resolve('token'), defaultCountry: 'US', phoneFields: [], transport };
}
