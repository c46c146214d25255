import { cruise, type ICruiseResult } from 'dependency-cruiser';
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { join } from 'node:path';
import { cruiseOptions, forbidden } from './room-rules.ts';

/** What the room rules found in a tree. */
export interface RoomReport {
  /** Modules of ours that were looked at; 0 means that nothing was checked, whatever else is said. */
  readonly modules: number;
  /** One line per violation: which rule, from where to where. */
  readonly violations: readonly string[];
}

/** Checks a tree laid out like this project against the room table. */
export async function checkRooms(root: string, folders: readonly string[]): Promise<RoomReport> {
  const { output } = await cruise(
    [...folders],
    { ...cruiseOptions, ruleSet: { forbidden }, validate: true, baseDir: root },
    undefined,
    { tsConfig: extractTSConfig(join(root, 'tsconfig.json')) },
  );
  if (typeof output === 'string') throw new TypeError('dependency-cruiser answered with text instead of a result');
  return read(output);
}

function read(result: ICruiseResult): RoomReport {
  return {
    modules: result.modules.filter((module) => module.source.endsWith('.ts') && !module.source.includes('node_modules'))
      .length,
    violations: result.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`),
  };
}
