import { Injectable, type PipeTransform } from '@nestjs/common';
import { USER_ROLE } from '@knot/domain';
import { IdPipe } from '../http/id.pipe.js';

/** A path parameter that names a role: a uuid, or the one that is always there. */
@Injectable()
export class RoleIdPipe implements PipeTransform<string, string> {
  private readonly uuid = new IdPipe();

  transform(value: string): string {
    return value === USER_ROLE.id ? value : this.uuid.transform(value);
  }
}
