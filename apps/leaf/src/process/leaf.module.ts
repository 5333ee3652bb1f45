import { Module, type DynamicModule } from '@nestjs/common';
import { HealthController } from './health.controller.js';

/** The little that a leaf answers over HTTP, over parts that were built without Nest. */
@Module({})
export class LeafModule {
  /** Each part is provided under its own class. */
  static over(parts: readonly object[]): DynamicModule {
    return {
      module: LeafModule,
      controllers: [HealthController],
      providers: parts.map((part) => ({ provide: part.constructor, useValue: part })),
    };
  }
}
