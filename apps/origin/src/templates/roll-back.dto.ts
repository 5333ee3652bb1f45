import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'TemplateRollBack' })
export class TemplateRollBackDto {
  /** Number of the version to go back to. */
  @IsInt()
  @Min(1)
  @Max(1_000_000_000)
  number!: number;
  /** What is written to the new version; `back to version N` when not given. */
  @IsOptional()
  @IsString()
  @MaxLength(1024)
  note?: string;
}
