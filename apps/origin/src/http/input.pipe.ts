import { ValidationPipe } from '@nestjs/common';
import { KnotError } from '@knot/shared/errors';
import type { ValidationError } from 'class-validator';

/** Bodies and queries as their DTO says: unknown fields are refused, and the error names each field. */
export class InputPipe extends ValidationPipe {
  constructor() {
    super({
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      transform: true,
      stopAtFirstError: true,
      exceptionFactory: (errors: ValidationError[]) => invalidInput(errors),
    });
  }
}

function invalidInput(errors: readonly ValidationError[]): KnotError {
  const fields = Object.fromEntries(errors.flatMap((error) => problemsOf(error, '')));
  const [first = 'The request does not fit.'] = Object.values(fields);
  return new KnotError('input.invalid', first, 'Change the fields that are named and send it again.', { fields });
}

function problemsOf(error: ValidationError, path: string): [string, string][] {
  const name = path === '' ? error.property : `${path}.${error.property}`;
  const [rule, message] = Object.entries(error.constraints ?? {})[0] ?? [];
  const own: [string, string][] = message === undefined ? [] : [[name, sentence(rule ?? '', message, name)]];
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, name))];
}

function sentence(rule: string, message: string, name: string): string {
  if (rule === 'whitelistValidation') return `There is no field ${name}.`;
  if (rule === 'follows' || /^[A-Z]/.test(message)) return message;
  return `The field ${name} does not fit: ${message}.`;
}
