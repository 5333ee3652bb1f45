import { Injectable, type PipeTransform } from '@nestjs/common';
import { KnotError } from '@knot/shared/errors';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A path parameter that is a uuid; lower case from here on. */
@Injectable()
export class IdPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (UUID.test(value)) return value.toLowerCase();
    throw new KnotError('input.invalid', 'The id in the path is not a uuid.', 'Use the id that the list shows.');
  }
}
