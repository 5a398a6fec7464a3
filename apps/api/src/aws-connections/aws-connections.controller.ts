/** /v1/aws-connections. */
import { Body, Controller, Delete, Get, Header, HttpCode, Param, Post, Put } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiHeader,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiProduces,
} from '@nestjs/swagger';
import { CurrentCaller, Only, type Caller } from '#platform/auth.ts';
import { IdempotencyKey } from '#platform/idempotency.ts';
import { Id } from '../products/products.schema.ts';
import { AwsConnectionList, AwsConnectionView, ConnectionRole, NewAwsConnection } from './aws-connections.schema.ts';
import { AwsConnections } from './aws-connections.ts';

@Controller('v1/aws-connections')
@Only('buyer')
export class AwsConnectionsController {
  constructor(private readonly connections: AwsConnections) {}

  @Post()
  @ApiHeader({ name: 'Idempotency-Key', required: false, description: 'repeat a request safely' })
  @ApiCreatedResponse({ standardSchema: AwsConnectionView })
  connect(
    @CurrentCaller() caller: Caller,
    @Body({ schema: NewAwsConnection }) body: NewAwsConnection,
    @IdempotencyKey() key?: string,
  ): Promise<AwsConnectionView> {
    return this.connections.connect(caller, body, key);
  }

  @Get()
  @ApiOkResponse({ standardSchema: AwsConnectionList })
  async list(@CurrentCaller() caller: Caller): Promise<{ items: AwsConnectionView[] }> {
    return { items: await this.connections.list(caller) };
  }

  @Get(':id')
  @ApiOkResponse({ standardSchema: AwsConnectionView })
  get(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<AwsConnectionView> {
    return this.connections.get(caller, id);
  }

  @Put(':id/role')
  @ApiOkResponse({ standardSchema: AwsConnectionView })
  nameRole(
    @CurrentCaller() caller: Caller,
    @Param('id', { schema: Id }) id: string,
    @Body({ schema: ConnectionRole }) body: ConnectionRole,
  ): Promise<AwsConnectionView> {
    return this.connections.nameRole(caller, id, body);
  }

  @Post(':id/test')
  @HttpCode(202)
  @ApiAcceptedResponse({ standardSchema: AwsConnectionView })
  test(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<AwsConnectionView> {
    return this.connections.test(caller, id);
  }

  @Delete(':id')
  @HttpCode(204)
  @ApiNoContentResponse()
  async remove(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<void> {
    await this.connections.remove(caller, id);
  }

  @Get(':id/policy')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="slipway-policy.json"')
  @ApiProduces('application/json')
  @ApiOkResponse({ description: 'the IAM policy that the role needs, and nothing more', schema: { type: 'object' } })
  policy(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<string> {
    return this.connections.policy(caller, id);
  }

  @Get(':id/trust-policy')
  @Header('content-type', 'application/json; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="slipway-trust-policy.json"')
  @ApiProduces('application/json')
  @ApiOkResponse({ description: 'who may be the role: the marketplace, with the external id', schema: { type: 'object' } })
  trustPolicy(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<string> {
    return this.connections.trustPolicy(caller, id);
  }

  @Get(':id/template')
  @Header('content-type', 'application/yaml; charset=utf-8')
  @Header('content-disposition', 'attachment; filename="slipway-connection.yaml"')
  @ApiProduces('application/yaml')
  @ApiOkResponse({ description: 'a CloudFormation template that makes the role', schema: { type: 'string' } })
  template(@CurrentCaller() caller: Caller, @Param('id', { schema: Id }) id: string): Promise<string> {
    return this.connections.template(caller, id);
  }
}
