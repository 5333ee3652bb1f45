import { ACTION_NAMES, ALL_PERMISSIONS, type Action, type Permission } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'HeldPermission' })
export class HeldPermissionDto {
  @ApiProperty({ enum: ALL_PERMISSIONS })
  name!: Permission;
  description!: string;
  /** Names of the roles that it comes from. */
  from!: string[];
}

@ApiSchema({ name: 'Reachable' })
export class ReachableDto {
  @ApiProperty({ enum: ['space', 'template'] })
  kind!: 'space' | 'template';
  id!: string;
  name!: string;
  /** Of a space; empty for a template. */
  owner!: string;
  /** One sentence. */
  why!: string;
}

/** What somebody can reach, and why. */
@ApiSchema({ name: 'Access' })
export class AccessDto {
  userId!: string;
  username!: string;
  /** False: reaches nothing at all, whatever is listed. */
  active!: boolean;
  permissions!: HeldPermissionDto[];
  /** Deeds of this API that are open to them in general: what a screen shows a button for. */
  @ApiProperty({ enum: ACTION_NAMES, isArray: true })
  actions!: Action[];
  /** Templates they may use, and spaces that are theirs. */
  reachable!: ReachableDto[];
  /** Why they see or manage the spaces of everybody, one sentence each; empty: only those listed. */
  everySpace!: string[];
  /** Whether there is more than is listed. */
  more!: boolean;
}
