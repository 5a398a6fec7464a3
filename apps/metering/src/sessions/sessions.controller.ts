/** POST /v1/instance-sessions: a machine trades proof of identity for credentials. Nobody is signed in; the proof decides. */
import { Body, Controller, Header, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse } from '@nestjs/swagger';
import { Public } from '#platform/auth.ts';
import { IdentityProof, InstanceCredentials } from './sessions.schema.ts';
import { InstanceSessions } from './sessions.ts';

@Controller('v1/instance-sessions')
@Public()
export class InstanceSessionsController {
  constructor(private readonly sessions: InstanceSessions) {}

  @Post()
  @HttpCode(200)
  @Header('cache-control', 'no-store')
  @ApiOkResponse({ standardSchema: InstanceCredentials })
  open(@Body({ schema: IdentityProof }) proof: IdentityProof): Promise<InstanceCredentials> {
    return this.sessions.open(proof);
  }
}
