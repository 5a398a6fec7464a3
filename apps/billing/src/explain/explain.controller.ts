/** /v1/explain/:lineId. */
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { ExplanationView, LineId, RecordPageView, RecordsQuery } from './explain.schema.ts';
import { Explain } from './explain.ts';

@Controller('v1/explain')
@Only('buyer', 'vendor', 'operator', 'auditor')
export class ExplainController {
  constructor(private readonly explain: Explain) {}

  @Get(':lineId')
  @ApiOkResponse({ standardSchema: ExplanationView })
  line(@CurrentCaller() caller: Caller, @Param('lineId', { schema: LineId }) lineId: string): Promise<ExplanationView> {
    return this.explain.line(caller, lineId);
  }

  @Get(':lineId/records')
  @ApiOkResponse({ standardSchema: RecordPageView })
  records(
    @CurrentCaller() caller: Caller,
    @Param('lineId', { schema: LineId }) lineId: string,
    @Query({ schema: RecordsQuery }) query: RecordsQuery,
  ): Promise<RecordPageView> {
    return this.explain.records(caller, lineId, query);
  }
}
