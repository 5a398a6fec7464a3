/** GET /v1/me. */
import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { Accounts } from './accounts.ts';
import { Me } from './accounts.schema.ts';

@Controller('v1/me')
export class AccountsController {
  constructor(private readonly accounts: Accounts) {}

  @Get()
  @Only('buyer', 'vendor', 'operator', 'auditor')
  @ApiOkResponse({ standardSchema: Me })
  me(@CurrentCaller() caller: Caller): Promise<Me> {
    return this.accounts.me(caller);
  }
}
