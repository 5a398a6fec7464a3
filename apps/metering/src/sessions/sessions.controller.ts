/** A machine trades proof of identity for credentials: nobody is signed in, the proof decides. Its buyer may take them away. */
import { Body, Controller, Delete, Header, HttpCode, Param, Post } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse } from '@nestjs/swagger';
import { CurrentCaller, Only, Public, type Caller } from '#platform/auth.ts';
import { IdentityProof, InstanceCredentials, InstanceId } from './sessions.schema.ts';
import { InstanceSessions } from './sessions.ts';

@Controller('v1/instance-sessions')
export class InstanceSessionsController {
  constructor(private readonly sessions: InstanceSessions) {}

  @Post()
  @Public()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: InstanceCredentials })
  open(@Body({ schema: IdentityProof }) proof: IdentityProof): Promise<InstanceCredentials> {
    return this.sessions.open(proof);
  }

  /** All credentials of a machine end within seconds. It may prove itself anew. */
  @Delete(':instanceId')
  @Only('buyer', 'operator')
  @HttpCode(204)
  @ApiNoContentResponse()
  revoke(@CurrentCaller() caller: Caller, @Param('instanceId', { schema: InstanceId }) instanceId: InstanceId): Promise<void> {
    return this.sessions.revoke(caller, instanceId);
  }
}
