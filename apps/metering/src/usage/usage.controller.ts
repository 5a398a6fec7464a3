/** /v1/usage: what a vendor's software reports in JSON, and what was accepted on whatever way. The AWS wire is POST /. */
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { ReportResults, UsageReports } from './report-usage.schema.ts';
import { ReportUsage } from './report-usage.ts';
import { UsageQuery, UsageView } from './usage.schema.ts';
import { Usage } from './usage.ts';

@Controller('v1/usage')
@Only('buyer', 'vendor', 'operator')
export class UsageController {
  constructor(
    private readonly usage: Usage,
    private readonly reports: ReportUsage,
  ) {}

  @Get()
  @ApiOkResponse({ standardSchema: UsageView })
  list(@CurrentCaller() caller: Caller, @Query({ schema: UsageQuery }) query: UsageQuery): Promise<UsageView> {
    return this.usage.list(caller, query);
  }

  @Post()
  @HttpCode(200)
  @Only('vendor')
  @ApiOkResponse({ standardSchema: ReportResults })
  async report(
    @CurrentCaller() caller: Caller,
    @Body({ schema: UsageReports }) { records }: UsageReports,
  ): Promise<ReportResults> {
    return { results: await this.reports.report(caller, records) };
  }
}
