import { describe, expect, it } from '@jest/globals';
import { defaultDocument } from '../../src/mapping/defaults/default-document.ts';
import { validateMapping } from '../../src/mapping/validate/validate-mapping.ts';
import { connectAccount } from '../connectors/hubspot/connected-account.ts';
import { connectOrg } from '../connectors/salesforce/connected-org.ts';

describe('a default document fits an account that nobody has changed', () => {
  it.each([
    ['hubspot', connectAccount],
    ['salesforce', connectOrg],
  ] as const)('%s', async (crm, connect) => {
    const account = await connect();
    const { connector, context } = account;
    try {
      const description = await connector.describe(context);
      expect(description.kind).toBe('described');
      expect(validateMapping(defaultDocument(crm), crm, description)).toMatchObject({ problems: [], warnings: [] });
    } finally {
      await account.stop();
    }
  });
});
