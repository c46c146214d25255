import { z } from 'zod';
import { baseUrlSchema } from './base-url.ts';
import { secretRefSchema } from './secret-ref.ts';

/** A name that the vendor gave, such as a client id: no secret. */
const plainText = z.string().min(1).max(500);

/** A token that does not expire, or that somebody else keeps fresh. */
const accessToken = z.strictObject({ accessToken: secretRefSchema });

const hubSpotCredentials = z.union([
  accessToken,
  z.strictObject({
    oauth: z.strictObject({
      clientId: plainText,
      clientSecret: secretRefSchema,
      /** Absent where a person signs in instead. */
      refreshToken: secretRefSchema.optional(),
    }),
  }),
]);

const salesforceCredentials = z.union([
  accessToken,
  z.strictObject({ clientCredentials: z.strictObject({ clientId: plainText, clientSecret: secretRefSchema }) }),
  z.strictObject({
    jwt: z.strictObject({
      clientId: plainText,
      /** The user as whom we write. */
      username: plainText,
      /** PEM. */
      privateKey: secretRefSchema,
      /** Who is named as the audience; by the host of `baseUrl` unless given. */
      loginUrl: baseUrlSchema.optional(),
    }),
  }),
  z.strictObject({
    oauth: z.strictObject({
      clientId: plainText,
      /** Absent for a public client. */
      clientSecret: secretRefSchema.optional(),
      /** Absent where a person signs in instead. */
      refreshToken: secretRefSchema.optional(),
    }),
  }),
]);

/** How a HubSpot account is reached. */
export const hubSpotAccess = {
  baseUrl: baseUrlSchema.default('https://api.hubapi.com'),
  credentials: hubSpotCredentials,
  /** HubSpot's dated API version; the connector's own choice unless given. */
  apiVersion: z.enum(['2026-03', '2026-09']).optional(),
};

/** The kinds of people a Salesforce org has. */
const personObject = z.enum(['Contact', 'Lead']);

/** How a Salesforce org is reached. Its own address (My Domain) is asked for tokens and for records alike. */
export const salesforceAccess = {
  baseUrl: baseUrlSchema,
  credentials: salesforceCredentials,
  /** Where people are looked for, first match wins. */
  objectOrder: z.array(personObject).min(1).max(2).optional(),
  /** What an unknown caller becomes. */
  createAs: z.enum([...personObject.options, 'PersonAccount']).optional(),
};

/** Where CSV files are written, for a connection without a CRM. */
export const csvLogAccess = {
  folder: z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'an absolute path'),
};

export type HubSpotCredentials = z.infer<typeof hubSpotCredentials>;
export type SalesforceCredentials = z.infer<typeof salesforceCredentials>;
