/** /health/live: the process answers. /health/ready: it can do its work. /metrics: what it has done, for Prometheus. */
import { access } from 'node:fs/promises';
import { Controller, Get, Header, Inject, Optional } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { register } from 'prom-client';
import { DataSource } from 'typeorm';
import { DomainError } from '#domain/errors.ts';
import { Public } from './auth.ts';
import { APP, type App } from './tokens.ts';

/** What else must be so before this process is ready; `api` asks the apps behind it. */
export abstract class ReadyCheck {
  /** @returns what is not ready, by name; nothing when all is. */
  abstract notReady(): Promise<string[]>;
}

export const READY_FILE = Symbol('ready file');

@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(
    @Inject(APP) private readonly app: App,
    @Inject(READY_FILE) private readonly readyFile: string | null,
    private readonly db: DataSource,
    @Optional() private readonly check?: ReadyCheck,
  ) {}

  @Get('health/live')
  live(): { status: string; app: string } {
    return { status: 'ok', app: this.app.name };
  }

  /** @throws DomainError `unavailable`, naming what is not ready. */
  @Get('health/ready')
  async ready(): Promise<{ status: string; app: string }> {
    await this.db.query('select 1');
    const waiting = [...((await this.check?.notReady()) ?? [])];
    if (this.readyFile && !(await exists(this.readyFile))) waiting.push('set-up');
    if (waiting.length > 0) throw new DomainError('unavailable', 'not_ready', `Not ready yet: ${waiting.join(', ')}.`);
    return { status: 'ok', app: this.app.name };
  }

  @Get('metrics')
  @Header('content-type', register.contentType)
  metrics(): Promise<string> {
    return register.metrics();
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );
