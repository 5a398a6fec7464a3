/** /v1/reports: a vendor's business, a buyer's cost, the operator's marketplace; as JSON, or as CSV with `?format=csv`. */
import { applyDecorators, Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import type { z } from 'zod';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { CSV } from '../documents/download.ts';
import { BuyerReports } from './buyer-reports.ts';
import { PlatformReports } from './platform-reports.ts';
import { answer } from './report.ts';
import * as shapes from './reports.schema.ts';
import { VendorReports } from './vendor-reports.ts';

type Answer = Promise<{ items: unknown[] } | StreamableFile>;

const Report = (path: string, shape: z.ZodObject): MethodDecorator =>
  applyDecorators(Get(path), ApiProduces('application/json', CSV), ApiOkResponse({ standardSchema: shape }));

@Controller('v1/reports')
export class ReportsController {
  constructor(
    private readonly vendor: VendorReports,
    private readonly platform: PlatformReports,
    private readonly buyer: BuyerReports,
  ) {}

  @Report('revenue', shapes.RevenueReport)
  @Only('vendor')
  async revenue(@CurrentCaller() caller: Caller, @Query({ schema: shapes.RangeQuery }) query: shapes.RangeQuery): Answer {
    return answer('revenue', query.format, shapes.RevenueRow, await this.vendor.revenue(caller, query));
  }

  @Report('usage', shapes.UsageReport)
  @Only('vendor')
  async usage(@CurrentCaller() caller: Caller, @Query({ schema: shapes.RangeQuery }) query: shapes.RangeQuery): Answer {
    return answer('usage', query.format, shapes.UsageRow, await this.vendor.usage(caller, query));
  }

  @Report('customers', shapes.CustomersReport)
  @Only('vendor')
  async customers(@CurrentCaller() caller: Caller, @Query({ schema: shapes.FormatQuery }) query: shapes.FormatQuery): Answer {
    return answer('customers', query.format, shapes.CustomerRow, await this.vendor.customers(caller));
  }

  @Report('churn', shapes.ChurnReport)
  @Only('vendor')
  async churn(@CurrentCaller() caller: Caller, @Query({ schema: shapes.RangeQuery }) query: shapes.RangeQuery): Answer {
    return answer('churn', query.format, shapes.ChurnRow, await this.vendor.churn(caller, query));
  }

  @Report('forecast', shapes.ForecastReport)
  @Only('vendor')
  async forecast(@CurrentCaller() caller: Caller, @Query({ schema: shapes.FormatQuery }) query: shapes.FormatQuery): Answer {
    return answer('forecast', query.format, shapes.ForecastRow, await this.vendor.forecast(caller));
  }

  @Report('volume', shapes.VolumeReport)
  @Only('operator', 'auditor')
  async volume(@Query({ schema: shapes.RangeQuery }) query: shapes.RangeQuery): Answer {
    return answer('volume', query.format, shapes.VolumeRow, await this.platform.volume(query));
  }

  @Report('receivables', shapes.ReceivablesReport)
  @Only('operator', 'auditor')
  async receivables(@Query({ schema: shapes.FormatQuery }) query: shapes.FormatQuery): Answer {
    return answer('receivables', query.format, shapes.ReceivableRow, await this.platform.receivables());
  }

  @Report('cost-by-product', shapes.CostByProductReport)
  @Only('buyer')
  async costByProduct(@CurrentCaller() caller: Caller, @Query({ schema: shapes.RangeQuery }) query: shapes.RangeQuery): Answer {
    return answer('cost-by-product', query.format, shapes.CostByProductRow, await this.buyer.byProduct(caller, query));
  }

  @Report('cost-by-day', shapes.CostByDayReport)
  @Only('buyer')
  async costByDay(@CurrentCaller() caller: Caller, @Query({ schema: shapes.RangeQuery }) query: shapes.RangeQuery): Answer {
    return answer('cost-by-day', query.format, shapes.CostByDayRow, await this.buyer.byDay(caller, query));
  }

  @Report('cost-by-tag', shapes.CostByTagReport)
  @Only('buyer')
  async costByTag(@CurrentCaller() caller: Caller, @Query({ schema: shapes.TagQuery }) query: shapes.TagQuery): Answer {
    return answer('cost-by-tag', query.format, shapes.CostByTagRow, await this.buyer.byTag(caller, query));
  }
}
