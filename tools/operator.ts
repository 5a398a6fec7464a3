/** `npm run operator -- you@example.com [--auditor]`: makes a signed-up person an operator, or an auditor, of this marketplace. */
import { seat } from './operators.ts';

const given = process.argv.slice(2);
const kind = given.includes('--auditor') ? 'auditor' : 'operator';
const [email] = given.filter((argument) => argument !== '--auditor');
const url = process.env.DATABASE_URL;
if (!email || !url) {
  console.error('Usage: DATABASE_URL=postgres://owner:… npm run operator -- you@example.com [--auditor]');
  process.exit(1);
}
try {
  await seat(url, kind, email);
  console.log(`${email} is an ${kind} now. Sign in again, and choose the ${kind}s' organisation.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
