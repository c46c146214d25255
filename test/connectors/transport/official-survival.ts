import { CALLS, endOf, FAILURES } from './official-failures.ts';

/**
 * Lets every call of both official clients meet every failure, in a process of its own: an error that nobody hears, and a
 * rejection that nobody handles, would end it. Says how many calls ended.
 */
let ended = 0;
for (const failure of Object.values(FAILURES)) {
  for (const call of Object.values(CALLS)) {
    await endOf(failure, call);
    ended += 1;
  }
}
process.stdout.write(`${ended}\n`);
