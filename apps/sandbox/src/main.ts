/** Runs the sandbox until it is told to stop. Settings come from the environment; what is wrong with them is said at once. */
import { PortTaken, startSandbox } from './server.ts';
import { SettingsError, settingsFrom } from './settings.ts';

try {
  const sandbox = await startSandbox(settingsFrom(process.env));
  const stop = (): void => void sandbox.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  console.log(`The sandbox is up.
  EC2, STS and instance metadata  ${sandbox.ec2}
  Stripe                          ${sandbox.stripe}
  Control                         ${sandbox.control}
  Appliances                      http://127.x.y.z:${sandbox.appliancePort}, SSH at port ${sandbox.sshPort}`);
} catch (error) {
  if (!(error instanceof PortTaken || error instanceof SettingsError)) throw error;
  console.error(error.message);
  process.exit(1);
}
