/** The parts of npm's lock file (version 3) that are read here. */
export interface LockFile {
  readonly packages: Record<string, LockedPackage>;
}

interface LockedPackage {
  readonly version?: string;
  readonly optional?: boolean;
  readonly dev?: boolean;
  readonly os?: readonly string[];
  readonly cpu?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** A package that the lock file should name and does not. */
export interface MissingPackage {
  readonly path: string;
  readonly entry: LockedPackage;
}

/**
 * Optional packages that are named by a package and missing from the lock file. A registry mirror that lacks the builds
 * for other platforms makes npm leave them out silently, and `npm ci` then refuses the whole file, on every platform.
 */
export function missingOptionalPackages({ packages }: LockFile): readonly MissingPackage[] {
  const missing = new Map<string, MissingPackage>();
  for (const [parent, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (findFrom(packages, parent, name)) continue;
      const path = `node_modules/${name}`;
      missing.set(path, {
        path,
        entry: { version, ...(dev === true ? { dev } : {}), optional: true, ...platformOf(name) },
      });
    }
  }
  return [...missing.values()];
}

/** The lock file with what is missing, in npm's own order. */
export function completed(lock: LockFile): LockFile {
  const added = missingOptionalPackages(lock).map(({ path, entry }): [string, LockedPackage] => [path, entry]);
  const [root, ...others] = Object.entries(lock.packages);
  const sorted = [...others, ...added].toSorted(([a], [b]) => a.localeCompare(b, 'en'));
  return { ...lock, packages: Object.fromEntries(root === undefined ? sorted : [root, ...sorted]) };
}

/** Node's look-up: beside the parent, then in each folder above it. */
function findFrom(packages: LockFile['packages'], parent: string, name: string): boolean {
  for (let folder = parent; ; folder = folder.slice(0, folder.lastIndexOf('node_modules/')).replace(/\/$/, '')) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (packages[path] !== undefined) return true;
    if (folder === '') return false;
  }
}

const SYSTEMS = ['darwin', 'linux', 'win32', 'freebsd', 'netbsd', 'openbsd', 'sunos', 'aix', 'android', 'openharmony'];
const PROCESSORS = ['arm64', 'x64', 'arm', 'ia32', 'ppc64', 's390x', 'riscv64', 'loong64', 'mips64el', 'wasm32'];

/** Native builds carry their platform in their name, and npm needs it to know that they are not for here. */
function platformOf(name: string): Pick<LockedPackage, 'os' | 'cpu'> {
  const words = name.split(/[/-]/);
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = PROCESSORS.filter((processor) => words.includes(processor));
  return { ...(os.length === 0 ? {} : { os }), ...(cpu.length === 0 ? {} : { cpu }) };
}
