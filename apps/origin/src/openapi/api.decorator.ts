import type * as swagger from '@nestjs/swagger';

type Swagger = typeof swagger;

const noted: ((real: Swagger) => void)[] = [];

/**
 * Swagger's decorators, noted where they stand and carried out by `applyNoted` only where the contract is made: a server
 * serves the committed one, and swagger with what it brings along would cost it 20 MB of memory.
 */
export const ApiProperty = atProperty((real) => real.ApiProperty);
export const ApiPropertyOptional = atProperty((real) => real.ApiPropertyOptional);
export const ApiSchema = atClass((real) => real.ApiSchema);
export const ApiTags = atClass((real) => real.ApiTags);
export const ApiOkResponse = atMethod((real) => (options: swagger.ApiResponseOptions) => real.ApiOkResponse(options));
export const ApiResponse = atMethod((real) => (options: swagger.ApiResponseOptions) => real.ApiResponse(options));
export const ApiProduces = atMethod((real) => real.ApiProduces);

/** Carries out what stands at the classes that are loaded, each once. */
export function applyNoted(real: Swagger): void {
  for (const apply of noted.splice(0)) apply(real);
}

type Real<A extends unknown[], D> = (real: Swagger) => (...given: A) => D;

function atProperty<A extends unknown[]>(pick: Real<A, PropertyDecorator>) {
  return (...given: A): PropertyDecorator =>
    (target, key) =>
      void noted.push((real) => pick(real)(...given)(target, key));
}

function atClass<A extends unknown[]>(pick: Real<A, ClassDecorator>) {
  return (...given: A): ClassDecorator =>
    (target) =>
      void noted.push((real) => void pick(real)(...given)(target));
}

function atMethod<A extends unknown[]>(pick: Real<A, MethodDecorator>) {
  return (...given: A): MethodDecorator =>
    (target, key, descriptor) =>
      void noted.push((real) => void pick(real)(...given)(target, key, descriptor));
}
