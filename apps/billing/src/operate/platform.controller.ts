/** GET /v1/platform. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Only } from '#platform/auth.ts';
import { PlatformView } from './platform.schema.ts';
import { PlatformSummary } from './platform.ts';

@Controller('v1/platform')
@Only('operator', 'auditor')
export class PlatformController {
  constructor(private readonly platform: PlatformSummary) {}

  @Get()
  @ApiOkResponse({ standardSchema: PlatformView })
  summary(): Promise<PlatformView> {
    return this.platform.summary();
  }
}
