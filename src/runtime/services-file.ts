import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { hasErrorCode } from './embedded/error-code.ts';
import { SafeError } from './safe-error.ts';

const FILE_NAME = 'runtime.json';

const port = z.int().min(1).max(65_535);

const servicesSchema = z.object({
  /** The supervisor's process. */
  pid: z.int().positive(),
  databaseUrl: z.string().min(1),
  temporalAddress: z.string().min(1),
  temporalNamespace: z.string().min(1),
  intakePort: port,
  adminPort: port,
});

/** Where the services that `start` runs can be found by commands on the same machine. */
export type Services = Readonly<z.infer<typeof servicesSchema>>;

/**
 * Notes where the services are, for commands that use the same data directory. A reader sees the old file or the new one,
 * never half of one. Readable by its owner only: a database URL may carry a password.
 */
export async function writeServicesFile(dataDirectory: string, services: Services): Promise<void> {
  await mkdir(dataDirectory, { recursive: true });
  const target = join(dataDirectory, FILE_NAME);
  const draft = `${target}.${randomUUID()}`;
  await writeFile(draft, `${JSON.stringify(services, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, target);
}

/**
 * Reads what `start` noted; undefined when it never ran here, or has stopped in order.
 * @throws {SafeError} when the file is there but is not one of ours.
 */
export async function readServicesFile(dataDirectory: string): Promise<Services | undefined> {
  const path = join(dataDirectory, FILE_NAME);
  const text = await readIfPresent(path);
  if (text === undefined) return undefined;
  const services = servicesSchema.safeParse(parseJson(text));
  if (!services.success) {
    const sentence = `${path} does not say where the services are: delete it and start again with \`npm start\`.`;
    throw new SafeError('services_file_invalid', sentence);
  }
  return services.data;
}

/** Takes the note back when the services have stopped. */
export async function removeServicesFile(dataDirectory: string): Promise<void> {
  await rm(join(dataDirectory, FILE_NAME), { force: true });
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** What is no JSON is no services file either: the schema refuses undefined. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
