import { CONDITION_TYPES, REASONS, type ConditionStatus, type ConditionType, type Reason } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'Condition' })
export class ConditionDto {
  @ApiProperty({ enum: CONDITION_TYPES })
  type!: ConditionType;
  @ApiProperty({ enum: ['True', 'False', 'Unknown'] })
  status!: ConditionStatus;
  @ApiProperty({ enum: REASONS })
  reason!: Reason;
  /** What is so, and what to do about it. */
  message!: string;
  /** When status or reason last changed. */
  since!: number;
}
