/** /v1/restore-tests, and those of a snapshot. */
import { Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Id } from '../instances/instances.schema.ts';
import { RestoreTestList, RestoreTestQuery, RestoreTestView } from './restore-tests.schema.ts';
import { RestoreTests } from './restore-tests.ts';

@Controller('v1')
@Only('buyer')
export class RestoreTestsController {
  constructor(private readonly tests: RestoreTests) {}

  @Post('snapshots/:id/tests')
  @ApiCreatedResponse({ standardSchema: RestoreTestView })
  test(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<RestoreTestView> {
    return this.tests.test(caller, id);
  }

  @Get('restore-tests')
  @ApiOkResponse({ standardSchema: RestoreTestList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: RestoreTestQuery }) query: RestoreTestQuery,
  ): Promise<{ items: RestoreTestView[] }> {
    return { items: await this.tests.list(caller, query) };
  }

  @Get('restore-tests/:id')
  @ApiOkResponse({ standardSchema: RestoreTestView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<RestoreTestView> {
    return this.tests.get(caller, id);
  }
}
