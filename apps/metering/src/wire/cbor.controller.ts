/** GetEntitlements in CBOR (Smithy RPC v2), which AWS lists before JSON for this service: the same answers at another door. */
import { Catch, Controller, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#platform/auth.ts';
import { cborAnswer, cborError, readCbor } from './cbor.ts';
import { GetEntitlements } from './operations/get-entitlements.ts';
import { Signers } from './signers.ts';
import { Throttle } from './throttle.ts';
import { CBOR_CONTENT_TYPE, MOST_BODY_BYTES } from './wire.bodies.ts';
import { REQUEST_ID_HEADER, tooLarge, WireError, WireErrors } from './wire.errors.ts';

const PROTOCOL_HEADER = 'smithy-protocol';
const PROTOCOL = 'rpc-v2-cbor';

@Catch()
class CborErrors extends WireErrors {
  protected override send(reply: FastifyReply, error: WireError): void {
    void reply.header(PROTOCOL_HEADER, PROTOCOL).header('content-type', CBOR_CONTENT_TYPE).send(cborError(error));
  }
}

@ApiExcludeController()
@Controller('service/AWSMPEntitlementService/operation')
@UseFilters(CborErrors)
export class CborController {
  constructor(
    private readonly signers: Signers,
    private readonly throttle: Throttle,
    private readonly entitlements: GetEntitlements,
  ) {}

  /** Signed by AWS Signature Version 4, so nobody is signed in. */
  @Post('GetEntitlements')
  @Public()
  @HttpCode(200)
  async getEntitlements(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Buffer> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (body.length > MOST_BODY_BYTES) throw tooLarge();
    const { method = 'POST', url = '/', rawHeaders } = request.raw;
    const signer = await this.signers.signerOf({ method, url, rawHeaders, body });
    if (request.headers[PROTOCOL_HEADER] !== PROTOCOL)
      throw new WireError('UnknownOperationException', `Requests here say ${PROTOCOL_HEADER}: ${PROTOCOL}.`);
    this.throttle.take('GetEntitlements', signer.accessKeyId);
    const answer = await this.entitlements.answer(signer, readCbor(body));
    void reply.header(PROTOCOL_HEADER, PROTOCOL).header(REQUEST_ID_HEADER, request.id).header('content-type', CBOR_CONTENT_TYPE);
    return cborAnswer(answer);
  }
}
