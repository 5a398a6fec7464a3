/** `npm run operator -- you@example.com`: makes a signed-up person an operator of this marketplace. */
import { makeOperator } from './operators.ts';

const [email] = process.argv.slice(2);
const url = process.env.DATABASE_URL;
if (!email || !url) {
  console.error('Usage: DATABASE_URL=postgres://owner:… npm run operator -- you@example.com');
  process.exit(1);
}
try {
  await makeOperator(url, email);
  console.log(`${email} is an operator now. Sign in again, and choose the operator's organisation.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
