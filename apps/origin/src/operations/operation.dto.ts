import { OPERATION_STATES, type OperationState } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { IsOptional, IsUUID } from 'class-validator';
import { PageQueryDto } from '../http/page.dto.js';

/** A wish that was accepted, and how far it has come. */
@ApiSchema({ name: 'Operation' })
export class OperationDto {
  id!: string;
  /** `space.start`, `space.stop`, `space.restart`, `space.update`, `space.delete`, `volume.change` ... */
  kind!: string;
  subjectKind!: string;
  subjectId!: string;
  /** Generation of the subject that the wish made. */
  generation!: number;
  @ApiProperty({ enum: OPERATION_STATES })
  state!: OperationState;
  /** Why it failed, or what it waits for; may be empty. */
  message!: string;
  actorId!: string;
  /** ms since the epoch, like all times of this API */
  createdAt!: number;
}

@ApiSchema({ name: 'OperationPage' })
export class OperationPageDto {
  items!: OperationDto[];
  /** Cursor of the next page; null on the last. */
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class OperationQueryDto extends PageQueryDto {
  /** Only those of this space or volume. */
  @IsOptional()
  @IsUUID()
  subject?: string;
}
