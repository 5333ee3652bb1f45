import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ApiPropertyOptional } from '../openapi/api.decorator.js';

const SWITCH = ['true', 'false'] as const;

export class LogsQueryDto {
  /** `true`: the answer goes on with what is said from now on. */
  @ApiPropertyOptional({ enum: SWITCH })
  @IsOptional()
  @IsIn(SWITCH)
  follow?: (typeof SWITCH)[number];
  /** Part of a line, whatever its case. */
  @IsOptional()
  @IsString()
  @MaxLength(256)
  search?: string;
}
