import { ValidateBy } from 'class-validator';

/**
 * A constraint on one configuration value: what is allowed, in words for the user, and the test.
 * An absent optional value always passes.
 */
export function Allowed(allowed: string, test: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({
    name: 'allowed',
    validator: { validate: (value: unknown) => value === undefined || test(value), defaultMessage: () => allowed },
  });
}

export function WholeNumber(least: number, most: number, what: string): PropertyDecorator {
  return Allowed(`${what}, a whole number from ${least} to ${most}`, (value) => isWithin(value, least, most));
}

export function Port(): PropertyDecorator {
  return WholeNumber(0, 65_535, 'a port');
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

/** Each item of a list passes the test. */
export function Each(allowed: string, test: (text: string) => boolean): PropertyDecorator {
  return Allowed(allowed, (value) => Array.isArray(value) && value.every((item) => test(String(item))));
}

export function Matching(allowed: string, pattern: RegExp): PropertyDecorator {
  return Allowed(allowed, (value) => typeof value === 'string' && pattern.test(value));
}
