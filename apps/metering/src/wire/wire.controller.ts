/** POST /: the AWS Marketplace Metering and Entitlement Services, JSON 1.1. Who signed is known before the body is parsed. */
import { Controller, HttpCode, Post, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '#platform/auth.ts';
import { BatchMeterUsage } from './operations/batch-meter-usage.ts';
import { GetEntitlements } from './operations/get-entitlements.ts';
import { MeterUsage } from './operations/meter-usage.ts';
import type { Operation } from './operations/operation.ts';
import { RegisterUsage } from './operations/register-usage.ts';
import { ResolveCustomer } from './operations/resolve-customer.ts';
import { Signers } from './signers.ts';
import { Throttle, type Throttled } from './throttle.ts';
import { MOST_BODY_BYTES, WIRE_CONTENT_TYPE } from './wire.bodies.ts';
import { REQUEST_ID_HEADER, tooLarge, WireError, WireErrors } from './wire.errors.ts';

@ApiExcludeController()
@Controller()
@UseFilters(WireErrors)
export class WireController {
  private readonly operations: Map<string, Operation>;

  constructor(
    private readonly signers: Signers,
    private readonly throttle: Throttle,
    meterUsage: MeterUsage,
    batchMeterUsage: BatchMeterUsage,
    resolveCustomer: ResolveCustomer,
    registerUsage: RegisterUsage,
    getEntitlements: GetEntitlements,
  ) {
    this.operations = new Map<string, Operation>([
      ['AWSMPMeteringService.MeterUsage', meterUsage],
      ['AWSMPMeteringService.BatchMeterUsage', batchMeterUsage],
      ['AWSMPMeteringService.ResolveCustomer', resolveCustomer],
      ['AWSMPMeteringService.RegisterUsage', registerUsage],
      ['AWSMPEntitlementService.GetEntitlements', getEntitlements],
    ]);
  }

  /** Signed by AWS Signature Version 4, so nobody is signed in. */
  @Post()
  @Public()
  @HttpCode(200)
  async answer(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    if (body.length > MOST_BODY_BYTES) throw tooLarge();
    const { method = 'POST', url = '/', rawHeaders } = request.raw;
    const signer = await this.signers.signerOf({ method, url, rawHeaders, body });
    const target = String(request.headers['x-amz-target'] ?? '');
    const operation = this.operations.get(target);
    if (!operation) throw new WireError('UnknownOperationException', 'There is no such operation here.');
    this.throttle.take(target.slice(target.indexOf('.') + 1) as Throttled, signer.accessKeyId);
    const answer = await operation.answer(signer, parsed(body));
    void reply.header(REQUEST_ID_HEADER, request.id).header('content-type', WIRE_CONTENT_TYPE);
    return JSON.stringify(answer);
  }
}

/** @throws WireError SerializationException */
function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new WireError('SerializationException', 'The body is not JSON.');
  }
}
