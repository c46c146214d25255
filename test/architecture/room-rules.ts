import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser';

/**
 * The room table of docs/architecture.md as rules: each room, and what it may import beside itself and npm packages.
 * Arrows only ever lead down. A new room is a new row here and there.
 */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'src/domain/': [],
  'src/mapping/': ['src/domain/'],
  'src/source/': ['src/domain/'],
  'src/store/': ['src/domain/'],
  'src/control/': ['src/domain/', 'temporal.config.ts', 'workflows/messages.ts'],
  'connectors/': ['src/domain/'],
  'src/delivery/': ['src/domain/', 'src/mapping/', 'src/source/', 'src/store/', 'connectors/'],
  'src/intake/': ['src/domain/', 'src/store/', 'src/control/'],
  'activities/': [
    'src/domain/',
    'src/delivery/',
    'src/store/',
    'src/source/',
    'src/control/',
    'connectors/',
    'temporal.config.ts',
  ],
  'workflows/': ['src/domain/', 'activities/', 'temporal.config.ts'],
  'src/admin/': ['src/domain/', 'src/mapping/', 'src/store/', 'src/delivery/', 'src/control/'],
  'src/cli/': [
    'src/domain/',
    'src/mapping/',
    'src/store/',
    'src/delivery/',
    'src/control/',
    'src/admin/',
    'src/runtime/',
  ],
  'sandbox/': [],
  'temporal.config.ts': [],
};

/** Everything of ours: an import that ends here and is not on the list is a violation. */
const OURS = '^(src|connectors|activities|workflows|sandbox|ui|test|bench)/|^temporal\\.config\\.ts$';

const literal = (path: string): string => path.replaceAll('.', '\\.');

const roomRules: readonly IForbiddenRuleType[] = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `room ${room}`,
  comment: `${room} may import only: ${[room, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^${literal(room)}` },
  to: { path: OURS, pathNot: `^(${[room, ...allowed].map(literal).join('|')})` },
}));

/** The rules. */
export const forbidden: IForbiddenRuleType[] = [
  ...roomRules,
  {
    name: 'no cycles',
    severity: 'error',
    from: {},
    to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  },
  {
    name: 'domain is pure',
    comment: 'no library but zod and libphonenumber-js, no Node module',
    severity: 'error',
    from: { path: '^src/domain/' },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'],
      pathNot: 'node_modules/(zod|libphonenumber-js)/',
    },
  },
  {
    name: 'mapping is pure',
    comment: 'no library but zod and the one that evaluates expressions, no Node module',
    severity: 'error',
    from: { path: '^src/mapping/' },
    to: {
      dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'core'],
      pathNot: 'node_modules/(zod|@marcbachmann/cel-js)/',
    },
  },
  {
    name: 'workflows are deterministic',
    comment: 'nothing but @temporalio/workflow comes from outside',
    severity: 'error',
    from: { path: '^workflows/' },
    to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: 'node_modules/@temporalio/workflow/' },
  },
  {
    name: 'workflows know activities as types',
    severity: 'error',
    from: { path: '^workflows/' },
    to: { path: '^activities/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'the product ships without its tests',
    comment: 'production code uses no dev dependency',
    severity: 'error',
    from: { path: '^(src|connectors|activities|workflows|sandbox)/' },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/@types/' },
  },
  {
    name: 'connectors know nothing of each other',
    severity: 'error',
    from: { path: '^connectors/([^/]+)/' },
    to: { path: '^connectors/([^/]+)/', pathNot: '^connectors/($1|schema|transport)/' },
  },
];

/** How the tree is read. */
export const cruiseOptions: ICruiseOptions = {
  doNotFollow: { path: 'node_modules' },
  tsConfig: { fileName: 'tsconfig.json' },
  tsPreCompilationDeps: 'specify',
  enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'], conditionNames: ['import', 'node', 'default'] },
};
