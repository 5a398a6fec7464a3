/** How every process stands up: settings, log, database under its role, queue, HTTP, health, and an orderly end. */
import 'reflect-metadata';
import {
  Inject,
  Injectable,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationShutdown,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { PgBoss } from 'pg-boss';
import { pino, type Logger } from 'pino';
import { collectDefaultMetrics, register } from 'prom-client';
import { DataSource, type EntitySchema } from 'typeorm';
import type { z } from 'zod';
import { CALLER_SECRET, CallerGuard, CallerSource, ForwardedCallers } from './auth.ts';
import { Clock } from './clock.ts';
import { ConfigError, type commonSettings } from './config.ts';
import { connect, DatabaseRefused, isDatabaseAway } from './database.ts';
import { Doorbell } from './doorbell.ts';
import { HealthController, READY_FILE } from './health.ts';
import { httpServer, prepareHttp } from './http.ts';
import { createLog, NestLog } from './log.ts';
import { ProblemFilter } from './problems.ts';
import { DATABASE_URL, RowLocks } from './row-locks.ts';
import { APP, BELLS, LOG, OtherDatabase, type App, type AppName } from './tokens.ts';

export type CommonConfig = z.output<z.ZodObject<typeof commonSettings>> & { PORT: number };

/** What an app says of itself; `main.ts` hands it to `run`. */
export interface AppDefinition<C extends CommonConfig = CommonConfig> {
  name: AppName;
  module: Type;
  entities: Array<Function | EntitySchema>;
  /** Validates the environment. @throws ConfigError */
  config: (env: NodeJS.ProcessEnv) => C;
  /** The class by which the app's providers ask for their settings. */
  configToken: Type<C> | (abstract new () => C);
  /**
   * Another database that the app reads from when its settings name one; `OtherDatabase` is its own otherwise. With `ownUrl` the
   * app's own tables, queue and locks are not in DATABASE_URL either.
   */
  databases?: (config: C) => { ownUrl?: string; otherUrl?: string };
  /** Where callers come from; the note from `api` unless said otherwise. */
  callers?: Type<CallerSource>;
  /** Fastify plug-ins and raw routes that must be there before Nest's. */
  prepare?: (app: NestFastifyApplication, config: C) => Promise<void>;
}

/** Seams for the story and the tests: another clock, stages worked by hand. Never reached by a setting. */
export interface Seams {
  clock?: Clock;
  stages?: App['stages'];
}

@Module({})
class Platform {}

@Module({})
class Root {}

/** Jobs in hand are finished first, the connections go last. */
@Injectable()
class Closing implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    @Inject(BELLS) private readonly bells: PgBoss[],
    private readonly db: DataSource,
    private readonly other: OtherDatabase,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.bells.map((boss) => boss.stop({ graceful: true, timeout: 10_000 })));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
    if (this.other.isInitialized) await this.other.destroy();
  }
}

/**
 * Builds the app without listening. The caller closes it.
 * @throws DatabaseRefused
 */
export async function build<C extends CommonConfig>(
  definition: AppDefinition<C>,
  config: C,
  seams: Seams = {},
): Promise<NestFastifyApplication> {
  const log = createLog(definition.name, config.LOG_LEVEL);
  const { ownUrl = config.DATABASE_URL, otherUrl } = definition.databases?.(config) ?? {};
  const connection = {
    role: definition.name,
    pool: config.DATABASE_POOL,
    waitSeconds: config.DATABASE_WAIT_SECONDS,
    entities: definition.entities,
    log,
  };
  const db = await connect({ ...connection, url: ownUrl });
  const other = otherUrl === undefined ? db : await connect({ ...connection, url: otherUrl });
  const boss = await startQueue(definition.name, ownUrl, seams, log);
  // Who writes the rows that this app's stages read rings where those rows are.
  const bells =
    ownUrl === config.DATABASE_URL ? [boss] : [boss, await startQueue(definition.name, config.DATABASE_URL, seams, log)];
  const app = await NestFactory.create<NestFastifyApplication>(
    root(definition, config, seams, { db, other, ownUrl, bells, log }),
    httpServer(log),
    {
      logger: new NestLog(log),
      rawBody: true,
      abortOnError: false,
    },
  );
  prepareHttp(app);
  await definition.prepare?.(app, config);
  return app;
}

async function startQueue(name: AppName, connectionString: string, seams: Seams, log: Logger): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString,
    application_name: `slipway ${name} jobs`,
    max: 3,
    schema: 'pgboss',
    migrate: false,
    createSchema: false,
    reindex: false,
    useListenNotify: seams.stages !== 'by-hand',
    supervise: seams.stages !== 'by-hand',
    schedule: false,
  });
  boss.on('error', (error) => log.warn({ error: String(error) }, 'queue'));
  await boss.start();
  return boss;
}

/** Builds the module tree only, with nothing behind it: for the OpenAPI document. */
export async function preview<C extends CommonConfig>(definition: AppDefinition<C>): Promise<NestFastifyApplication> {
  const nothing = {
    db: {} as DataSource,
    other: {} as DataSource,
    ownUrl: '',
    bells: [{} as PgBoss],
    log: pino({ level: 'silent' }),
  };
  return NestFactory.create<NestFastifyApplication>(root(definition, {} as C, {}, nothing), new FastifyAdapter(), {
    preview: true,
    logger: false,
  });
}

/** Runs an app as a process: prints what is wrong and exits 1, or listens until SIGTERM or SIGINT. */
export async function run<C extends CommonConfig>(definition: AppDefinition<C>, seams: Seams = {}): Promise<void> {
  try {
    const config = definition.config(process.env);
    collectDefaultMetrics({ register, labels: { app: definition.name } });
    const app = await build(definition, config, seams);
    surviveLostConnections(app.get<Logger>(LOG));
    app.enableShutdownHooks(['SIGTERM', 'SIGINT']);
    await app.listen({ port: config.PORT, host: config.HOST });
    app.get<Logger>(LOG).info({ port: config.PORT }, `${definition.name} listens on http://${config.HOST}:${config.PORT}`);
  } catch (error) {
    console.error(`${definition.name}: ${explain(error, definition.name)}`);
    process.exit(1);
  }
}

/**
 * A connection that the database closes in the moment between two owners (pool, library, query) tells nobody but the process. Whoever
 * uses it next hears of it and tries again, so that is no reason to end; anything else still is.
 */
function surviveLostConnections(log: Logger): void {
  process.on('uncaughtException', (error) => {
    if (isDatabaseAway(error)) return log.warn({ error: String(error) }, 'a database connection was lost');
    console.error(error);
    process.exit(1);
  });
}

function explain(error: unknown, name: AppName): string {
  if (error instanceof ConfigError || error instanceof DatabaseRefused) return error.message;
  const { code, port, stack } = error as { code?: string; port?: number; stack?: string };
  if (code === 'EADDRINUSE')
    return `Port ${port} is in use. Stop what listens there, or set PORT (${name.toUpperCase()}_PORT for npm start) to another.`;
  if (code === '3F000' || code === '42P01')
    return `The database has not been migrated: run "npm run migrate". (${(error as Error).message})`;
  return stack ?? String(error);
}

function root<C extends CommonConfig>(
  definition: AppDefinition<C>,
  config: C,
  seams: Seams,
  { db, other, ownUrl, bells, log }: { db: DataSource; other: DataSource; ownUrl: string; bells: PgBoss[]; log: Logger },
): DynamicModule {
  const identity: App = { name: definition.name, sweepSeconds: config.SWEEP_SECONDS, stages: seams.stages ?? 'running' };
  const shared: Provider[] = [
    { provide: APP, useValue: identity },
    { provide: LOG, useValue: log },
    { provide: DataSource, useValue: db },
    { provide: OtherDatabase, useValue: other },
    { provide: PgBoss, useValue: bells[0] },
    { provide: BELLS, useValue: bells },
    { provide: DATABASE_URL, useValue: ownUrl },
    { provide: READY_FILE, useValue: config.READY_FILE ?? null },
    { provide: CALLER_SECRET, useValue: config.CALLER_SECRET },
    { provide: Clock, useValue: seams.clock ?? new Clock() },
    { provide: definition.configToken, useValue: config },
    Doorbell,
    RowLocks,
  ];
  const platform: DynamicModule = { module: Platform, global: true, providers: shared, exports: shared };
  return {
    module: Root,
    imports: [platform, definition.module],
    controllers: [HealthController],
    providers: [
      { provide: CallerSource, useClass: definition.callers ?? ForwardedCallers },
      { provide: APP_GUARD, useClass: CallerGuard },
      { provide: APP_FILTER, useClass: ProblemFilter },
      Closing,
    ],
  };
}
