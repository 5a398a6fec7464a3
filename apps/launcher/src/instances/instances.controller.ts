/** /v1/instances. Launching and terminating is asked for under /v1/launches. */
import { Controller, Get, Param } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { ConsoleView, Id, InstanceList, InstanceView } from './instances.schema.ts';
import { Instances } from './instances.ts';

@Controller('v1/instances')
@Only('buyer', 'vendor', 'operator')
export class InstancesController {
  constructor(private readonly instances: Instances) {}

  @Get()
  @ApiOkResponse({ standardSchema: InstanceList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: InstanceView[] }> {
    return { items: await this.instances.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: InstanceView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<InstanceView> {
    return this.instances.get(caller, id);
  }

  @Get(':id/console')
  @Only('buyer')
  @ApiOkResponse({ standardSchema: ConsoleView })
  console(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<ConsoleView> {
    return this.instances.console(caller, id);
  }
}
