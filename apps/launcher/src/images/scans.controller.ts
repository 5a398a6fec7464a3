/** /v1/images/:id/scans and /v1/image-notices. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id, NoticeList, NoticeQuery, ScanList, type NoticeView, type ScanView } from './scans.schema.ts';
import { Scans } from './scans.ts';

@Controller('v1')
@Only('vendor', 'operator')
export class ScansController {
  constructor(private readonly scans: Scans) {}

  @Get('images/:id/scans')
  @ApiOkResponse({ standardSchema: ScanList })
  async ofImage(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<{ items: ScanView[] }> {
    return { items: await this.scans.ofImage(caller, id) };
  }

  @Get('image-notices')
  @ApiOkResponse({ standardSchema: NoticeList })
  async notices(
    @CurrentCaller() caller: Caller,
    @Query({ schema: NoticeQuery }) query: NoticeQuery,
  ): Promise<{ items: NoticeView[] }> {
    return { items: await this.scans.notices(caller, query.state) };
  }
}
