import { runProgram, type OsUser } from './run-program.ts';

/**
 * Who runs the database server: PostgreSQL refuses to run as root (its manual, "The PostgreSQL User Account").
 * @returns `undefined` for "whoever we are", which is any normal user
 * @throws {Error} when we are root and the system has no user to become
 */
export async function databaseServerUser(currentUid = process.getuid?.()): Promise<OsUser | undefined> {
  if (currentUid !== 0) return undefined;
  const user = (await findUser('postgres')) ?? (await findUser('nobody'));
  if (user) return user;
  throw new Error(
    'PostgreSQL does not run as root, and this system has neither a user "postgres" nor "nobody": ' +
      'start CRM Sync as a normal user or set DATABASE_URL.',
  );
}

async function findUser(name: string): Promise<OsUser | undefined> {
  const [uid, gid] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])]);
  if (uid.exitCode !== 0 || gid.exitCode !== 0) return undefined;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** Whether the user can get into this folder, whatever forbids it (mode bits, owners, ACLs): it is tried. */
export async function canEnter(user: OsUser | undefined, directory: string): Promise<boolean> {
  return (await runProgram('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { user })).exitCode === 0;
}
