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
      exceptionFactory: (errors: ValidationError[]) => invalidInput(errors),
    });
  }
}

function invalidInput(errors: readonly ValidationError[]): KnotError {
  const fields = Object.fromEntries(errors.flatMap((error) => problemsOf(error, '')));
  const [first = 'The request does not fit.'] = Object.values(fields);
  return new KnotError('input.invalid', first, 'Change the fields that are named and send it again.', { fields });
}

/** Of several rules that a value breaks, the first of these says best what is wrong: what it is comes before what is in it. */
const TELLING = ['whitelistValidation', 'follows', 'isArray', 'isString', 'isInt', 'isBoolean', 'isObject', 'isIn'];

function problemsOf(error: ValidationError, path: string): [string, string][] {
  const name = path === '' ? error.property : `${path}.${error.property}`;
  const constraints = new Map(Object.entries(error.constraints ?? {}));
  const rule = TELLING.find((one) => constraints.has(one)) ?? [...constraints.keys()][0];
  const own: [string, string][] =
    rule === undefined ? [] : [[name, sentence(rule, constraints.get(rule) ?? '', error, name)]];
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, name))];
}

function sentence(rule: string, message: string, { value }: ValidationError, name: string): string {
  if (rule === 'whitelistValidation') return `There is no field ${name}.`;
  if (value === undefined || value === null) return `The field ${name} is missing.`;
  if (rule === 'follows' || /^[A-Z]/.test(message)) return message;
  return `The field ${name} does not fit: ${message}.`;
}
