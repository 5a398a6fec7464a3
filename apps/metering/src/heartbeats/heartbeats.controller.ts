/** POST /v1/heartbeat: a machine says that it is alive. Signed as on the wire, by the machine's session; errors look as they do there. */
import { Controller, HttpCode, Post, Req, UseFilters, type RawBodyRequest } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Public } from '#platform/auth.ts';
import { Signers } from '../wire/signers.ts';
import { WireErrors } from '../wire/wire.errors.ts';
import { HeartbeatView } from './heartbeats.schema.ts';
import { Heartbeats } from './heartbeats.ts';

@Controller('v1/heartbeat')
@UseFilters(WireErrors)
export class HeartbeatsController {
  constructor(
    private readonly signers: Signers,
    private readonly heartbeats: Heartbeats,
  ) {}

  /** Nobody is signed in: the machine's signature says who it is. */
  @Post()
  @Public()
  @HttpCode(200)
  @ApiOperation({
    description:
      'For machines: signed with AWS Signature Version 4 for the service aws-marketplace, with the credentials of POST /v1/instance-sessions. Sent to metering itself, with {} as its body.',
  })
  @ApiOkResponse({ standardSchema: HeartbeatView })
  async alive(@Req() request: RawBodyRequest<FastifyRequest>): Promise<HeartbeatView> {
    const { method = 'POST', url = '/', rawHeaders } = request.raw;
    const signer = await this.signers.signerOf({ method, url, rawHeaders, body: sentBody(request) });
    return this.heartbeats.alive(signer);
  }
}

/** The bytes that were signed: of JSON as the platform kept them, of the wire's own type as they are. */
function sentBody({ rawBody, body }: RawBodyRequest<FastifyRequest>): Buffer {
  if (rawBody) return rawBody;
  return Buffer.isBuffer(body) ? body : Buffer.alloc(0);
}
