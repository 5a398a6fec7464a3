/** The OpenAPI document of an app, from its routes and Zod schemas; the same input gives the same bytes. */
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { preview, type AppDefinition, type CommonConfig } from './app.ts';

export async function openApiOf<C extends CommonConfig>(
  definition: AppDefinition<C>,
  description: string,
): Promise<OpenAPIObject> {
  const app = await preview(definition);
  const settings = new DocumentBuilder()
    .setTitle(`Slipway ${definition.name}`)
    .setDescription(description)
    .setVersion('1')
    .addBearerAuth({ type: 'http', description: 'An API key of an organisation' }, 'apiKey')
    .addCookieAuth('slipway.session_token', { type: 'apiKey', in: 'cookie' }, 'session')
    .build();
  return SwaggerModule.createDocument(app, settings, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
}
