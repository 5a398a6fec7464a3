/** What every process does with HTTP: problems that say what to do, request ids, and 503 with recovery while the database is away. */
import { Controller, Get, Module, Post, Body } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import request from 'supertest';
import { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError } from '#domain/errors.ts';
import { asCaller, testSettings } from '#testing/app.ts';
import { createTestDatabase, type TestDatabase } from '#testing/database.ts';
import { build, type AppDefinition } from './app.ts';
import { Only, Public } from './auth.ts';
import { commonSettings, loadConfig } from './config.ts';
import { stages } from './stage.ts';

const Thing = z.object({ name: z.string().min(2), size: z.number().int().positive() });

@Controller('v1/things')
@Only('buyer')
class Things {
  constructor(private readonly db: DataSource) {}

  @Get('rows')
  async rows(): Promise<unknown> {
    return { rows: await this.db.query('select 1 as one') };
  }

  @Get('broken')
  @Public()
  broken(): never {
    throw new Error('a secret that must not get out');
  }

  @Get('ruled-out')
  @Public()
  ruledOut(): never {
    throw new DomainError('conflict', 'offer_withdrawn', 'This offer has been replaced; look at the product again.');
  }

  @Post()
  @Public()
  make(@Body({ schema: Thing }) body: z.output<typeof Thing>): unknown {
    return body;
  }
}

@Module({ controllers: [Things], providers: stages() })
class ThingsModule {}
class ThingsConfig {}
const settings = z.object({ ...commonSettings, PORT: z.coerce.number().default(0) });
const things = {
  name: 'billing',
  module: ThingsModule,
  entities: [],
  config: (env: NodeJS.ProcessEnv) => loadConfig(settings, env),
  configToken: ThingsConfig,
} as unknown as AppDefinition;

/** A wire to the database that can be cut and mended. */
class Wire {
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();
  port = 0;

  constructor(private readonly to: number) {}

  async mend(): Promise<void> {
    this.server = createServer((near) => {
      const far = connect(this.to, '127.0.0.1');
      for (const [socket, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(socket);
        socket.pipe(other);
        socket.on('error', () => other.destroy());
        socket.on('close', () => other.destroy());
      }
    });
    await new Promise<void>((done) => this.server!.listen(this.port, '127.0.0.1', done));
    this.port = (this.server.address() as { port: number }).port;
  }

  async cut(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.sockets.clear();
    await new Promise((done) => this.server!.close(done));
  }
}

describe('http', () => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let wire: Wire;
  const http = (): ReturnType<typeof request> => request(app.getHttpServer());

  beforeAll(async () => {
    database = await createTestDatabase();
    const url = new URL(database.urlFor('billing'));
    wire = new Wire(Number(url.port));
    await wire.mend();
    url.port = String(wire.port);
    app = await build(things, things.config({ ...testSettings('billing', database), DATABASE_URL: url.href }), {
      stages: 'by-hand',
    });
    await app.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    await app.close();
    await wire.cut();
    await database.drop();
  });

  it('names each wrong field, and answers a broken rule with its code', async () => {
    const wrong = await http()
      .post('/v1/things')
      .send({ name: 'x', size: -1 })
      .expect(400)
      .expect('content-type', /application\/problem\+json/);
    expect(wrong.body).toMatchObject({ code: 'invalid_request', errors: [{ path: 'name' }, { path: 'size' }] });
    await http().post('/v1/things').set('content-type', 'application/json').send('{"name":').expect(400);
    const ruled = await http().get('/v1/things/ruled-out').expect(409);
    expect(ruled.body).toMatchObject({
      code: 'offer_withdrawn',
      detail: 'This offer has been replaced; look at the product again.',
    });
  });

  it('answers unknown routes and bodies that are too large as problems', async () => {
    await http()
      .get('/v1/nothing')
      .expect(404)
      .expect('content-type', /problem\+json/);
    await http()
      .post('/v1/things')
      .send({ name: 'x'.repeat(1_100_000), size: 1 })
      .expect(413)
      .expect('content-type', /problem\+json/);
  });

  it('keeps a sane request id, makes one otherwise, and tells nothing of its own errors but the id', async () => {
    await http().get('/v1/things/ruled-out').set('x-request-id', 'deploy-12345').expect('x-request-id', 'deploy-12345');
    const broken = await http().get('/v1/things/broken').set('x-request-id', 'bad id!').expect(500);
    expect(broken.headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(JSON.stringify(broken.body)).not.toContain('secret');
    expect(broken.body.requestId).toBe(broken.headers['x-request-id']);
  });

  it('lets nobody in without a note of api, nor with a forged one', async () => {
    await http().get('/v1/things/rows').expect(401);
    await http()
      .get('/v1/things/rows')
      .set('x-slipway-caller', 'eyJhbGciOiJub25lIn0.eyJvcmciOiJ4Iiwia2luZCI6ImJ1eWVyIn0.')
      .expect(401);
    await http()
      .get('/v1/things/rows')
      .set(await asCaller({ organizationId: 'x', kind: 'vendor' }))
      .expect(403);
    await http()
      .get('/v1/things/rows')
      .set(await asCaller({ organizationId: 'x', kind: 'buyer' }))
      .expect(200);
  });

  it('answers 503 while the database is away, stays alive, and recovers by itself', { timeout: 60_000 }, async () => {
    const note = await asCaller({ organizationId: 'x', kind: 'buyer' });
    await wire.cut();
    const away = await http().get('/v1/things/rows').set(note).expect(503).expect('retry-after', /\d/);
    expect(away.body).toMatchObject({ code: 'database_unavailable' });
    await http().get('/health/ready').expect(503);
    await http().get('/health/live').expect(200);
    await wire.mend();
    for (let tries = 0; tries < 100 && (await http().get('/health/ready')).status !== 200; tries += 1) await sleep(50);
    await http().get('/v1/things/rows').set(note).expect(200);
  });
});
