/** /v1/image-shares. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { ImageShareList, type ImageShareView } from './image-shares.schema.ts';
import { ImageShares } from './image-shares.ts';

@Controller('v1/image-shares')
@Only('buyer')
export class ImageSharesController {
  constructor(private readonly shares: ImageShares) {}

  @Get()
  @ApiOkResponse({ standardSchema: ImageShareList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: ImageShareView[] }> {
    return { items: await this.shares.list(caller) };
  }
}
