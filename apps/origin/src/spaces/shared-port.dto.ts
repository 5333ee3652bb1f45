import { PORT_PROTOCOLS, PORT_SHARES, portLabelProblem, type PortShare, type TemplatePort } from '@knot/domain';
import { Follows } from '../http/follows.decorator.js';
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

@ApiSchema({ name: 'TemplatePort' })
export class TemplatePortDto {
  @IsInt()
  @Min(1)
  @Max(65_535)
  port!: number;
  /** What it is called, in its address too where it is a name; not given: as the space's environment says. */
  @IsOptional()
  @Follows(portLabelProblem)
  label?: string;
  /** What is spoken there; not given: as the space's environment says, else http. */
  @ApiPropertyOptional({ enum: PORT_PROTOCOLS })
  @IsOptional()
  @IsIn(PORT_PROTOCOLS)
  protocol?: TemplatePort['protocol'];
  /** With whom it is shared where its owner says nothing; not given: as its location says. */
  @ApiPropertyOptional({ enum: PORT_SHARES })
  @IsOptional()
  @IsIn(PORT_SHARES)
  share?: PortShare;
}

@ApiSchema({ name: 'PortShareChange' })
export class PortShareChangeDto {
  /** With whom; not given: as its template and its location say. */
  @ApiPropertyOptional({ enum: PORT_SHARES })
  @IsOptional()
  @IsIn(PORT_SHARES)
  share?: PortShare;
}
