/** POST /v1/instance-sessions: public, for the proof is in the body. */
import { Body, Controller, Post } from '@nestjs/common';
import { ApiCreatedResponse } from '@nestjs/swagger';
import { Public } from '#platform/auth.ts';
import { IdentityProof, SessionCredentials } from './sessions.schema.ts';
import { InstanceSessions } from './sessions.ts';

@Controller('v1/instance-sessions')
export class InstanceSessionsController {
  constructor(private readonly sessions: InstanceSessions) {}

  @Post()
  @Public()
  @ApiCreatedResponse({ standardSchema: SessionCredentials })
  open(@Body({ schema: IdentityProof }) proof: IdentityProof): Promise<SessionCredentials> {
    return this.sessions.open(proof);
  }
}
