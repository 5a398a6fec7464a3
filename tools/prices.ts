/** `npm run prices -- prices.csv`: imports what AWS's machines cost. All of the file or nothing; the same file again adds nothing. */
import { readFileSync } from 'node:fs';
import { sendPrices } from './price-lists.ts';

const [file] = process.argv.slice(2);
const { SLIPWAY_URL: url = 'http://localhost:4000', SLIPWAY_API_KEY: apiKey } = process.env;
if (!file || !apiKey) {
  console.error(
    'Usage: SLIPWAY_API_KEY=… [SLIPWAY_URL=http://localhost:4000] npm run prices -- prices.csv\n' +
      "  The key is one of the operator's organisation. tools/sample-prices.csv shows the columns.",
  );
  process.exit(1);
}
try {
  const { added, unchanged } = await sendPrices(url, apiKey, readFileSync(file, 'utf8'));
  console.log(`${added} prices were added, ${unchanged} were known.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
