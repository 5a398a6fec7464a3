/** /v1/images. */
import { Controller, Get, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { ImageList, ImageQuery, type ImageView } from './images.schema.ts';
import { Images } from './images.ts';

@Controller('v1/images')
@Only('vendor', 'operator')
export class ImagesController {
  constructor(private readonly images: Images) {}

  @Get()
  @ApiOkResponse({ standardSchema: ImageList })
  async list(@CurrentCaller() caller: Caller, @Query({ schema: ImageQuery }) query: ImageQuery): Promise<{ items: ImageView[] }> {
    return { items: await this.images.ofVersion(caller, query.versionId) };
  }
}
