import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { writeFileSync } from 'node:fs';
import { OriginModule } from '../origin.module.js';
import { openApiDocument } from './main.js';
import { it } from 'vitest';

it('writes', async () => {
  const module = await Test.createTestingModule({ imports: [OriginModule.over([])] })
    .useMocker(() => ({}))
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
  const document = await openApiDocument(app, '1');
  writeFileSync('/work/main/apps/origin/openapi.json', JSON.stringify(document, null, 2) + '\n');
});
