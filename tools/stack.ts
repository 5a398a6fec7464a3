/** All of Slipway as processes on this machine: PostgreSQL, sandbox, api, launcher, metering, billing. Used by start and story. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AppName } from '#platform/tokens.ts';
import { migrate, ROLES } from './migrations.ts';
import { ensureDatabase, OWNER, startPostgres, type RunningPostgres } from './postgres.ts';
import { answering, NamedProcess } from './processes.ts';
import { folderOf, rolePassword, secretsOf, type Secrets, type StartSettings } from './settings.ts';

/** The sandbox's own default credentials; EC2 and Stripe themselves know none of them. */
const SANDBOX_AWS_ACCOUNT = '111122223333';
const SANDBOX_AWS = { AWS_ACCESS_KEY_ID: 'AKIASLIPWAYSANDBOX01', AWS_SECRET_ACCESS_KEY: 'sandbox-secret-do-not-use-elsewhere' };
const METERING_DATABASE = 'slipway_metering';
/** As the unit in apps/agent/README.md has it. Where to meter, and what, it finds in its machine's user data. */
const AGENT = join(import.meta.dirname, '../apps/agent/slipway-agent');
const AGENT_COMMAND = `export SLIPWAY_STATE_DIR="$HOME/state"; while :; do '${AGENT}' run; sleep 5; done`;
const SANDBOX_STRIPE_KEY = 'sk_test_slipway_sandbox';

export interface StackOptions {
  settings: StartSettings;
  env: NodeJS.ProcessEnv;
  /** Told as each step ends, with the time it took. */
  progress?: (what: string, milliseconds: number) => void;
  /** The script that runs an app; the story's own puts another Clock in. */
  entry?: (app: AppName) => { script: string; args: string[] };
  /** Further settings for every process. */
  extra?: Record<string, string>;
}

export class Stack {
  readonly folder: string;
  readonly secrets: Secrets;
  readonly processes = new Map<AppName | 'sandbox', NamedProcess>();
  readonly usesSandbox: { ec2: boolean; stripe: boolean };
  postgres: RunningPostgres | undefined;

  readonly settings: StartSettings;

  constructor(private readonly options: StackOptions) {
    this.settings = options.settings;
    this.folder = folderOf(options.settings);
    this.secrets = secretsOf(this.folder);
    // Keys of one's own mean the vendor itself, unless an endpoint says otherwise.
    this.usesSandbox = {
      ec2: !options.env.AWS_ACCESS_KEY_ID && !options.env.AWS_ENDPOINT_URL_EC2,
      stripe: !options.env.STRIPE_API_KEY,
    };
  }

  url(app: AppName): string {
    const { settings } = this;
    const ports = {
      api: settings.API_PORT,
      launcher: settings.LAUNCHER_PORT,
      metering: settings.METERING_PORT,
      billing: settings.BILLING_PORT,
    };
    return `http://${settings.HOST === '0.0.0.0' ? '127.0.0.1' : settings.HOST}:${ports[app]}`;
  }

  /** The origin that browsers see. */
  get publicUrl(): string {
    return this.options.env.PUBLIC_URL ?? `http://localhost:${this.settings.API_PORT}`;
  }

  get sandboxUrls(): { ec2: string; sts: string; stripe: string; control: string } {
    const { settings } = this;
    const at = (port: number): string => `http://127.0.0.1:${port}`;
    return {
      ec2: at(settings.SANDBOX_EC2_PORT),
      sts: at(settings.SANDBOX_EC2_PORT),
      stripe: at(settings.SANDBOX_STRIPE_PORT),
      control: at(settings.SANDBOX_CONTROL_PORT),
    };
  }

  /** As the owner of the database. */
  get databaseUrl(): string {
    return this.settings.DATABASE_URL ?? this.postgres!.url();
  }

  /** As the owner of metering's own database, when it has one. */
  get meteringDatabaseUrl(): string | undefined {
    const { METERING_DATABASE_URL: url } = this.settings;
    return url === 'embedded' ? this.postgres!.url(METERING_DATABASE) : url;
  }

  get identityCertificateFile(): string {
    return join(this.folder, 'identity-certificate.pem');
  }

  /** Starts everything, in the order in which it is needed. @throws Error saying what did not start and why */
  async start(): Promise<void> {
    await this.step('PostgreSQL', () => this.startDatabase());
    await this.step('migrations', async () => {
      const passwords = Object.fromEntries(ROLES.map((role) => [role, rolePassword(this.options.env, this.secrets, role)]));
      await migrate(this.databaseUrl, passwords);
      if (this.meteringDatabaseUrl) await migrate(this.meteringDatabaseUrl, passwords, { only: 'metering' });
    });
    const needsSandbox = this.usesSandbox.ec2 || this.usesSandbox.stripe;
    if (needsSandbox) this.launch('sandbox');
    if (needsSandbox) await this.step('sandbox', () => this.answering('sandbox'));
    for (const app of ROLES) this.launch(app);
    await Promise.all(ROLES.map((app) => this.step(app, () => this.answering(app))));
  }

  launch(name: AppName | 'sandbox'): NamedProcess {
    const existing = this.processes.get(name);
    if (existing) {
      existing.start();
      return existing;
    }
    const entry =
      name === 'sandbox'
        ? { script: 'apps/sandbox/src/main.ts', args: [] }
        : (this.options.entry?.(name) ?? { script: `apps/${name}/src/main.ts`, args: [] });
    const env = { ...this.options.extra, ...(name === 'sandbox' ? this.sandboxEnv() : this.appEnv(name)) };
    const process = new NamedProcess({ name, ...entry, env, logFile: join(this.folder, 'logs', `${name}.log`) });
    this.processes.set(name, process);
    process.start();
    return process;
  }

  answering(name: AppName | 'sandbox'): Promise<void> {
    const url = name === 'sandbox' ? `${this.sandboxUrls.control}/health` : `${this.url(name)}/health/live`;
    return answering(url, this.processes.get(name)!);
  }

  /** Kills the embedded database as a power cut would, and starts it again: it recovers what was committed. */
  async killDatabase(): Promise<void> {
    const server = this.postgres!.process;
    const ended = new Promise((done) => server.once('exit', done));
    if (server.kill('SIGKILL')) await ended;
    await this.startDatabase();
  }

  /** Stops in the reverse order: nobody loses what it needs to finish its work. */
  async stop(): Promise<void> {
    const sandbox = this.processes.get('sandbox');
    await Promise.all([...this.processes.values()].filter((process) => process !== sandbox).map((process) => process.stop()));
    await sandbox?.stop();
    await this.postgres?.stop();
  }

  private async startDatabase(): Promise<void> {
    const { settings } = this;
    if (settings.DATABASE_URL) return;
    this.postgres = await startPostgres({
      dataDir: join(this.folder, 'postgres'),
      port: settings.POSTGRES_PORT,
      password: this.secrets.owner,
    });
    await ensureDatabase(this.postgres, OWNER);
    if (settings.METERING_DATABASE_URL === 'embedded') await ensureDatabase(this.postgres, METERING_DATABASE);
  }

  private async step(what: string, work: () => Promise<void>): Promise<void> {
    const started = Date.now();
    await work();
    this.options.progress?.(what, Date.now() - started);
  }

  private sandboxEnv(): Record<string, string> {
    const { settings } = this;
    return {
      SANDBOX_EC2_PORT: String(settings.SANDBOX_EC2_PORT),
      SANDBOX_STRIPE_PORT: String(settings.SANDBOX_STRIPE_PORT),
      SANDBOX_CONTROL_PORT: String(settings.SANDBOX_CONTROL_PORT),
      SANDBOX_APPLIANCE_PORT: String(settings.SANDBOX_APPLIANCE_PORT),
      SANDBOX_SSH_PORT: String(settings.SANDBOX_SSH_PORT),
      SANDBOX_AGENT_COMMAND: this.options.env.SANDBOX_AGENT_COMMAND ?? AGENT_COMMAND,
      SANDBOX_DATA: join(this.folder, 'sandbox.sqlite'),
      SANDBOX_WEBHOOK_URL: `${this.url('billing')}/webhooks/stripe`,
      SANDBOX_WEBHOOK_SECRET: this.secrets.webhookSecret,
      SANDBOX_IDENTITY_CERTIFICATE_FILE: this.identityCertificateFile,
    };
  }

  /** What an app is told: the operator's own settings win over the demo's. */
  private appEnv(app: AppName): Record<string, string | undefined> {
    const { settings } = this;
    const { env } = this.options;
    const { secrets } = this;
    const asRole = (url: string): string => {
      const database = new URL(url);
      database.username = app;
      database.password = rolePassword(env, secrets, app);
      return database.href;
    };
    const meteringUrl = this.meteringDatabaseUrl;
    const common = {
      SECRETS_KEY: secrets.secretsKey,
      CALLER_SECRET: secrets.callerSecret,
      LOG_LEVEL: 'info',
    };
    const own: Record<AppName, Record<string, string | undefined>> = {
      api: {
        AUTH_SECRET: secrets.authSecret,
        PUBLIC_URL: this.publicUrl,
        TRUSTED_ORIGINS: `http://127.0.0.1:${settings.API_PORT}`,
        LAUNCHER_URL: this.url('launcher'),
        METERING_URL: this.url('metering'),
        METERING_PUBLIC_URL: this.url('metering'),
        BILLING_URL: this.url('billing'),
        ...(this.usesSandbox.ec2 ? { PLATFORM_AWS_ACCOUNT_ID: SANDBOX_AWS_ACCOUNT } : {}),
        READY_FILE: join(this.folder, 'demo.json'),
      },
      launcher: {
        ...(this.usesSandbox.ec2
          ? {
              ...SANDBOX_AWS,
              AWS_ENDPOINT_URL_EC2: this.sandboxUrls.ec2,
              BOOT_TEST_SSH_PORT: String(settings.SANDBOX_SSH_PORT),
            }
          : {}),
        METERING_PUBLIC_URL: this.url('metering'),
      },
      metering: {
        RECEIPT_KEY: secrets.receiptKey,
        IDENTITY_CERTIFICATES_FILE: this.usesSandbox.ec2 ? this.identityCertificateFile : undefined,
      },
      billing: {
        ...(this.usesSandbox.stripe ? { STRIPE_API_KEY: SANDBOX_STRIPE_KEY, STRIPE_API_BASE: this.sandboxUrls.stripe } : {}),
        STRIPE_WEBHOOK_SECRET: secrets.webhookSecret,
        PUBLIC_URL: this.publicUrl,
      },
    };
    return {
      ...common,
      ...own[app],
      ...Object.fromEntries(Object.entries(env).filter(([name]) => !RESERVED.has(name) && !name.startsWith('npm_'))),
      HOST: settings.HOST,
      PORT: new URL(this.url(app)).port,
      DATABASE_URL: asRole(this.databaseUrl),
      METERING_DATABASE_URL: meteringUrl && asRole(meteringUrl),
    };
  }
}

/** Names that mean something else to `npm start`, or to the shell it runs in, than to an app. */
const RESERVED = new Set(['DATABASE_URL', 'METERING_DATABASE_URL', 'HOST', 'PORT', 'NODE_ENV', 'INIT_CWD', 'NODE_OPTIONS']);

/** Takes away what a stopped stack has kept, the database too when it had to be put elsewhere. */
export function empty(folder: string): void {
  const moved = join(folder, 'postgres', 'MOVED_TO');
  if (existsSync(moved)) rmSync(dirname(readFileSync(moved, 'utf8').trim()), { recursive: true, force: true });
  rmSync(folder, { recursive: true, force: true });
}
