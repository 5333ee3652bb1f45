import { ValidateBy } from 'class-validator';
import type { NameRule } from '@knot/domain';

/** The text follows a naming rule of the domain; its sentence is what the user sees. */
export function Follows(rule: NameRule): PropertyDecorator {
  return ValidateBy({
    name: 'follows',
    validator: {
      validate: (value: unknown) => typeof value === 'string' && rule(value) === null,
      defaultMessage: (given) =>
        typeof given?.value === 'string' ? (rule(given.value) ?? '') : '$property is a text.',
    },
  });
}
