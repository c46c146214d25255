import { z } from 'zod';

/**
 * Where a secret is, never the secret: an environment variable, a file, or a value kept encrypted in our own database
 * under a name (what `export` prints for one that was entered by hand).
 */
export const secretRefSchema = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable') }),
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ stored: z.string().min(1).max(128) }),
  ],
  { error: 'a secret is written as { env: NAME } or { file: PATH }; never put its value into the file' },
);

export type SecretRef = z.infer<typeof secretRefSchema>;
