import type { INestApplication } from '@nestjs/common';
import * as swagger from '@nestjs/swagger';
import { API_VERSION } from '../health/health-check.js';
import { ProblemDto } from '../http/problem.dto.js';
import metadata from '../metadata.js';
import { applyNoted } from './api.decorator.js';

const DESCRIPTION = [
  'Times are ms since the epoch, ids are uuids.',
  'Lists are pages: `?limit` and `?cursor`, answered by `items` and `next`.',
  'An answer with a `version` has it as its ETag; a change may name it in `If-Match`.',
  'A POST may carry an `Idempotency-Key`: the same request sent again within 24 h gets the same answer and does nothing.',
  'Errors are application/problem+json with a stable `code`.',
].join('\n\n');

/** The contract of the REST API; `apps/origin/openapi.json` holds what this answers. */
export async function openApiDocument(app: INestApplication): Promise<swagger.OpenAPIObject> {
  const { DocumentBuilder, SwaggerModule } = swagger;
  // loads every DTO, those too that only types name; before that their decorators have noted nothing
  const loaded = await metadata();
  applyNoted(swagger);
  await SwaggerModule.loadPluginMetadata(async () => loaded);
  const builder = new DocumentBuilder()
    .setTitle('knot')
    .setDescription(DESCRIPTION)
    .setVersion(API_VERSION)
    .addCookieAuth('__Host-knot', { type: 'apiKey', in: 'cookie' }, 'session')
    .addBearerAuth({ type: 'http', description: 'An API token' }, 'token')
    .addSecurityRequirements('session')
    .addSecurityRequirements('token');
  const document = SwaggerModule.createDocument(app, builder.build(), {
    extraModels: [ProblemDto],
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '').toLowerCase()}.${method}`,
  });
  return withCommonParts(document);
}

const PROBLEM = {
  description: 'A problem',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

const IF_MATCH = {
  name: 'If-Match',
  in: 'header' as const,
  required: false,
  description: 'The ETag that was read; refused with `resource.version` when somebody else changed it meanwhile.',
  schema: { type: 'string' },
};

const IDEMPOTENCY_KEY = {
  name: 'Idempotency-Key',
  in: 'header' as const,
  required: false,
  description: 'Up to 255 characters, new for each deed.',
  schema: { type: 'string', maxLength: 255 },
};

/** What every operation has: a problem as answer, and the headers of its method. */
function withCommonParts(document: swagger.OpenAPIObject): swagger.OpenAPIObject {
  for (const { get, post, put, patch, delete: remove } of Object.values(document.paths)) {
    for (const operation of [get, post, put, patch, remove]) {
      if (operation) operation.responses['default'] = PROBLEM;
    }
    for (const operation of [put, patch, remove]) operation?.parameters?.push({ ...IF_MATCH });
    post?.parameters?.push({ ...IDEMPOTENCY_KEY });
  }
  return document;
}
