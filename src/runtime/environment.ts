import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { environmentVariables, PORT_VARIABLES, type PortVariable, type Variables } from './environment-variables.ts';
import { hasErrorCode } from './embedded/error-code.ts';
import { SafeError } from './safe-error.ts';

/** Every setting of every process, read once at its start. */
export interface Environment {
  /** Absolute. */
  readonly dataDirectory: string;
  readonly production: boolean;
  /** Address the intake and the worker's metrics listen on. The admin, which has no sign-in, stays on the loopback. */
  readonly host: string;
  readonly ports: Ports;
  readonly logLevel: Variables['LOG_LEVEL'];
  /** Where PersonaDesk reaches the intake; ends without a slash. */
  readonly publicUrl: string;
  /** Where a browser reaches the admin after a sign-in; `undefined`: at its own port on this machine. Ends without a slash. */
  readonly adminUrl: string | undefined;
  /** `undefined`: the embedded PostgreSQL of the data directory. */
  readonly databaseUrl: string | undefined;
  readonly masterKey: string | undefined;
  readonly masterKeyFile: string | undefined;
  readonly temporal: TemporalSettings;
  /** All variables as they stand: where `{ env: NAME }` secrets are looked up, and what child processes inherit. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export interface Ports {
  readonly admin: number;
  readonly intake: number;
  readonly workerMetrics: number;
  readonly personaDeskSandbox: number;
  readonly hubSpotSandbox: number;
  readonly salesforceSandbox: number;
}

/** `embedded`: a dev server of our own. `external`: what Temporal's own configuration (variables, profile file) says. */
type TemporalSettings = { readonly kind: 'embedded' } | { readonly kind: 'external' };

/** What is wrong with one variable. Never holds its value, which may be a secret. */
export interface EnvironmentProblem {
  readonly variable: string;
  readonly problem: string;
  readonly fix: string;
}

/** The settings cannot be used; the message has one line per problem. */
export class EnvironmentError extends SafeError {
  readonly problems: readonly EnvironmentProblem[];

  constructor(problems: readonly EnvironmentProblem[]) {
    const lines = problems.map(({ variable, problem, fix }) => `${variable} ${problem}. ${fix}`);
    super('environment_invalid', lines.join('\n'));
    this.problems = problems;
  }
}

/** The settings of this process. In development a `.env` file in `directory` adds what is not set. */
export function environmentOfProcess(
  directory: string = process.cwd(),
  variables: NodeJS.ProcessEnv = process.env,
): Environment {
  if (variables.NODE_ENV === 'production') return readEnvironment(variables);
  return readEnvironment({ ...readDotEnv(resolve(directory, '.env')), ...variables });
}

/**
 * Checks all variables at once. An empty one counts as not set, which is what compose files make of an absent value.
 * @throws {EnvironmentError} naming every variable that cannot be used, what is wrong and what would be right
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const set = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environmentVariables.safeParse(set);
  if (!parsed.success) throw new EnvironmentError(parsed.error.issues.map(asProblem));
  const problems = sharedPorts(parsed.data);
  if (problems.length > 0) throw new EnvironmentError(problems);
  return asEnvironment(parsed.data, set);
}

function asEnvironment(read: Variables, variables: Readonly<Record<string, string | undefined>>): Environment {
  const dataDirectory = resolve(read.CRM_SYNC_DATA_DIR);
  return {
    dataDirectory,
    production: read.NODE_ENV === 'production',
    host: read.CRM_SYNC_HOST,
    ports: {
      admin: read.CRM_SYNC_ADMIN_PORT,
      intake: read.CRM_SYNC_INTAKE_PORT,
      workerMetrics: read.CRM_SYNC_WORKER_METRICS_PORT,
      personaDeskSandbox: read.CRM_SYNC_SANDBOX_PERSONADESK_PORT,
      hubSpotSandbox: read.CRM_SYNC_SANDBOX_HUBSPOT_PORT,
      salesforceSandbox: read.CRM_SYNC_SANDBOX_SALESFORCE_PORT,
    },
    logLevel: read.LOG_LEVEL,
    publicUrl: read.CRM_SYNC_PUBLIC_URL ?? `http://127.0.0.1:${read.CRM_SYNC_INTAKE_PORT}`,
    adminUrl: read.CRM_SYNC_ADMIN_URL,
    databaseUrl: read.DATABASE_URL,
    masterKey: read.CRM_SYNC_MASTER_KEY,
    masterKeyFile: read.CRM_SYNC_MASTER_KEY_FILE,
    temporal: { kind: pointsAtTemporal(read) ? 'external' : 'embedded' },
    variables,
  };
}

function pointsAtTemporal(read: Variables): boolean {
  return [read.TEMPORAL_ADDRESS, read.TEMPORAL_PROFILE, read.TEMPORAL_CONFIG_FILE].some((value) => value !== undefined);
}

/** zod's path of an object of variables is the variable; the description's example makes the fix. */
function asProblem(issue: z.core.$ZodIssue): EnvironmentProblem {
  const variable = String(issue.path[0]);
  const fallback = defaultOf(variable);
  const example = exampleOf(variable);
  const unset = fallback === undefined ? 'remove it' : `remove it to use ${fallback}`;
  return { variable, problem: issue.message, fix: `Set it to a value such as ${example}, or ${unset}.` };
}

function sharedPorts(read: Variables): readonly EnvironmentProblem[] {
  return PORT_VARIABLES.flatMap((variable, index) => {
    const other = PORT_VARIABLES.slice(0, index).find((earlier: PortVariable) => read[earlier] === read[variable]);
    if (other === undefined) return [];
    return [{ variable, problem: `is the same port as ${other}`, fix: 'Give each its own.' }];
  });
}

/** One line of the settings' documentation. */
export interface VariableDocumentation {
  readonly variable: string;
  readonly description: string;
  /** `undefined`: not set by default. */
  readonly default: string | undefined;
}

/** What the documentation page and its test are made from, in the order of the schema. */
export function documentEnvironment(): readonly VariableDocumentation[] {
  return Object.entries(environmentVariables.shape).map(([variable, schema]) => ({
    variable,
    description: schema.description ?? '',
    default: defaultOf(variable),
  }));
}

function defaultOf(variable: string): string | undefined {
  const { data } = environmentVariables.safeParse({});
  const value = new Map<string, unknown>(Object.entries(data ?? {})).get(variable);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function exampleOf(variable: string): string {
  const schema = new Map<string, z.ZodType>(Object.entries(environmentVariables.shape)).get(variable);
  const [example] = (schema?.meta()?.examples ?? []) as readonly string[]; // written as strings in the schema
  return example ?? '';
}

function readDotEnv(file: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(file, 'utf8'));
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return {};
    throw error;
  }
}
