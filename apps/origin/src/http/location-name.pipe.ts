import { Injectable, type PipeTransform } from '@nestjs/common';
import { locationNameProblem } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';

/** A path parameter that is the name of a location. */
@Injectable()
export class LocationNamePipe implements PipeTransform<string, string> {
  transform(value: string): string {
    const problem = locationNameProblem(value);
    if (problem) throw new KnotError('input.invalid', problem, 'Use a name that the list of locations shows.');
    return value;
  }
}
