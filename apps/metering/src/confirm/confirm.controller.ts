/** POST /v1/confirm-instance: a vendor asks whether a machine runs a product of its own, as EC2's ConfirmProductInstance tells on AWS. */
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { InstanceConfirmation, InstanceToConfirm } from './confirm.schema.ts';
import { ConfirmInstance } from './confirm.ts';

@Controller('v1/confirm-instance')
@Only('vendor')
export class ConfirmInstanceController {
  constructor(private readonly machines: ConfirmInstance) {}

  @Post()
  @HttpCode(200)
  @ApiOkResponse({ standardSchema: InstanceConfirmation })
  confirm(
    @CurrentCaller() caller: Caller,
    @Body({ schema: InstanceToConfirm }) body: InstanceToConfirm,
  ): Promise<InstanceConfirmation> {
    return this.machines.confirm(caller, body);
  }
}
