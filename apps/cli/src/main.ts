/** `slipway`: what people do at a terminal. Each verb is a file that adds itself to the program. */
import { Command, CommanderError } from 'commander';
import { addCertify } from './certify/certify.ts';
import { addExplain } from './explain.ts';
import { addVerifyReceipts } from './verify-receipts.ts';

/** What commander exits with when a command line makes no sense. */
const MISUSE = 2;

const program = new Command('slipway')
  .description('Tools for vendors, buyers and operators of a Slipway marketplace')
  .exitOverride()
  .configureHelp({ showGlobalOptions: true });
addVerifyReceipts(program);
addCertify(program);
addExplain(program);

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CommanderError)) throw error;
  process.exitCode = error.exitCode === 0 ? 0 : MISUSE;
}
