import { PORT_SHARES, type PortShare } from '@knot/domain';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'SharedPort' })
export class SharedPortDto {
  @IsInt()
  @Min(1)
  @Max(65_535)
  port!: number;
  /** `owner`: who may enter the space, nobody else. `group`: also who is in a group with its owner. `users`: everybody who is signed in. `public`: anybody. */
  @ApiProperty({ enum: PORT_SHARES })
  @IsIn(PORT_SHARES)
  share!: PortShare;
}

@ApiSchema({ name: 'PortShareChange' })
export class PortShareChangeDto {
  /** With whom; not given: as its template and its location say. */
  @ApiPropertyOptional({ enum: PORT_SHARES })
  @IsOptional()
  @IsIn(PORT_SHARES)
  share?: PortShare;
}
