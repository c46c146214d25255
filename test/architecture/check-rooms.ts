import { checkRooms } from './rooms.ts';

const FOLDERS = ['src', 'connectors', 'activities', 'workflows', 'sandbox', 'temporal.config.ts'];

/** Far below what there is, far above what a checker that went blind would see. */
const FEWEST_MODULES = 80;

const { modules, violations } = await checkRooms(process.cwd(), FOLDERS);
if (modules < FEWEST_MODULES) {
  console.error(`The room check saw only ${modules} modules: it is blind, and its silence means nothing.`);
  process.exitCode = 1;
}
for (const violation of violations) console.error(violation);
if (violations.length > 0) process.exitCode = 1;
else console.log(`Room rules hold for ${modules} modules.`);
