import { runSalesforceSandbox } from './run.ts';

/** `PORT` or the first argument; any free port otherwise. */
const port = Number(process.argv[2] ?? process.env.PORT ?? '0');
const { url } = await runSalesforceSandbox({ port });
process.stdout.write(`Salesforce sandbox: ${url}\n`);
