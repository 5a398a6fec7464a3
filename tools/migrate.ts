/** `npm run migrate`: brings the database in DATABASE_URL to this version, as its owner. */
import { ConfigError, loadConfig } from '#platform/config.ts';
import { migrateSettings } from './migrate-settings.ts';
import { migrate } from './migrations.ts';

try {
  const config = loadConfig(migrateSettings, process.env);
  const passwords = {
    api: config.API_DATABASE_PASSWORD,
    launcher: config.LAUNCHER_DATABASE_PASSWORD,
    metering: config.METERING_DATABASE_PASSWORD,
    billing: config.BILLING_DATABASE_PASSWORD,
  };
  const ran = await migrate(config.DATABASE_URL, passwords);
  if (config.METERING_DATABASE_URL) ran.push(...(await migrate(config.METERING_DATABASE_URL, passwords, { only: 'metering' })));
  console.log(
    ran.length > 0 ? `Ran ${ran.length} migrations:\n  ${ran.join('\n  ')}` : 'The database is at this version already.',
  );
} catch (error) {
  console.error(
    error instanceof ConfigError
      ? error.message
      : `The migration failed: ${error instanceof Error ? error.message : String(error)}`,
  );
  process.exit(1);
}
