import { listBound, SCALAR, textBound, type Bound } from './bound.ts';

/** What a call costs beside its arguments, in steps, and what it gives. */
interface CallCost {
  readonly steps: number;
  readonly bound: Bound;
}

type CostRule = (args: readonly Bound[]) => CallCost;

/** Characters that a machine walks through in the time of one step. */
export const CHARACTERS_PER_STEP = 50;

/** A time in another zone asks the zone's tables. */
const ZONE_STEPS = 2_000;

const size = (args: readonly Bound[], index = 0): number => args[index]?.size ?? 0;
const walk = (characters: number): number => characters / CHARACTERS_PER_STEP;
const scalar =
  (steps: (args: readonly Bound[]) => number = () => 1): CostRule =>
  (args) => ({ steps: 1 + steps(args), bound: SCALAR });
/** Each character may have to be compared with the beginning of the other text. */
const search: CostRule = scalar((args) => walk(size(args) * Math.min(8, 1 + size(args, 1))));
const reshape: CostRule = (args) => ({ steps: 1 + walk(size(args)), bound: textBound(size(args) + 1) });
const zoned: CostRule = scalar((args) => (args.length > 1 ? ZONE_STEPS : 1));
/** As `duration()` reads it, which takes the cube of what it reads. */
const parseDuration: CostRule = scalar((args) => walk(size(args) ** 3));

/** Functions that may be called. Whatever is not here is refused: `matches` can run for ever, `cel.bind` doubles. */
export const GLOBAL_FUNCTIONS: ReadonlyMap<string, CostRule> = new Map<string, CostRule>([
  ['has', scalar()],
  ['size', scalar((args) => walk(size(args)))],
  ['string', (args) => ({ steps: 1, bound: textBound(Math.max(32, size(args))) })],
  ['int', scalar((args) => walk(size(args) ** 2))],
  ['double', scalar((args) => walk(size(args)))],
  ['bool', scalar()],
  ['round', scalar()],
  ['timestamp', scalar(() => 20)],
  ['duration', parseDuration],
]);

/** Functions that are called on a value: `text.trim()`. The value is the first argument here. */
export const METHODS: ReadonlyMap<string, CostRule> = new Map<string, CostRule>([
  ['size', scalar((args) => walk(size(args)))],
  ['contains', search],
  ['indexOf', search],
  ['lastIndexOf', search],
  ['startsWith', scalar((args) => walk(size(args, 1)))],
  ['endsWith', scalar((args) => walk(size(args, 1)))],
  ['lowerAscii', (args) => ({ steps: 1 + walk(size(args)), bound: textBound(size(args) * 3) })],
  ['upperAscii', (args) => ({ steps: 1 + walk(size(args)), bound: textBound(size(args) * 3) })],
  ['trim', reshape],
  ['words', reshape],
  ['firstSentence', reshape],
  ['substring', reshape],
  [
    'replace',
    (args) => {
      // Nothing, replaced by something, stands between all characters.
      const longest = (size(args) + 1) * (1 + size(args, 2));
      return { steps: 1 + walk(size(args) * Math.min(8, 1 + size(args, 1)) + longest), bound: textBound(longest) };
    },
  ],
  [
    'split',
    (args) => {
      const length = size(args);
      const parts = { size: length + 1, entry: textBound(length), total: 2 * length + 1 };
      return { steps: 1 + length + 1, bound: parts };
    },
  ],
  [
    'join',
    (args) => {
      const [list] = args;
      const length = (list?.total ?? 0) + (list?.size ?? 0) * size(args, 1);
      return { steps: 1 + (list?.size ?? 0) + walk(length), bound: textBound(length) };
    },
  ],
  ...[
    'getDate',
    'getDayOfMonth',
    'getDayOfWeek',
    'getDayOfYear',
    'getFullYear',
    'getHours',
    'getMilliseconds',
    'getMinutes',
    'getMonth',
    'getSeconds',
  ].map((name): [string, CostRule] => [name, zoned]),
]);

/** Macros, which run an expression for every entry of a list. */
export const MACROS: ReadonlySet<string> = new Set(['all', 'exists', 'exists_one', 'filter', 'map']);

/** What a macro gives, by what it runs over and what its last expression gives. */
export function macroBound(name: string, list: Bound, body: Bound): Bound {
  if (name === 'map') return listBound(list.size, body);
  return name === 'filter' ? list : SCALAR;
}
