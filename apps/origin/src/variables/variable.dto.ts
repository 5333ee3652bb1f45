import { locationNameProblem, variableNameProblem } from '@knot/domain';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { PageQueryDto } from '../http/page.dto.js';

@ApiSchema({ name: 'Variable' })
export class VariableDto {
  id!: string;
  name!: string;
  /** '' = every location */
  location!: string;
  /** Null where protected: such a value can be set and never read. */
  @ApiProperty({ type: String, nullable: true })
  value!: string | null;
  protected!: boolean;
  /** Never goes to restricted leaves. */
  restricted!: boolean;
  /** Ids of the templates that may use it; empty while it is not protected, when every template may. */
  templates!: string[];
  updatedAt!: number;
  /** Also the ETag. */
  version!: number;
}

@ApiSchema({ name: 'VariablePage' })
export class VariablePageDto {
  items!: VariableDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class VariableQueryDto extends PageQueryDto {
  /** Part of the name. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  q?: string;
  /** Only those of this location; empty for the global ones. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  location?: string;
}

@ApiSchema({ name: 'VariableCreate' })
export class VariableCreateDto {
  @Follows(variableNameProblem)
  name!: string;
  /** Empty or absent: every location. */
  @IsOptional()
  @ValidateIf((body: VariableCreateDto) => body.location !== '')
  @Follows(locationNameProblem)
  location?: string;
  @IsString()
  value!: string;
  @IsOptional()
  @IsBoolean()
  protected?: boolean;
  @IsOptional()
  @IsBoolean()
  restricted?: boolean;
  /** Ids of the templates that may use it, where it is protected; none when not given. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  templates?: string[];
}

@ApiSchema({ name: 'VariablePut' })
export class VariablePutDto {
  /** The old value stays when not given. */
  @IsOptional()
  @IsString()
  value?: string;
  /** A protected variable can be made unprotected only together with a new value. */
  @IsOptional()
  @IsBoolean()
  protected?: boolean;
  @IsOptional()
  @IsBoolean()
  restricted?: boolean;
  /** Ids of the templates that may use it, where it is protected; the same as before when not given. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(500)
  @ArrayUnique()
  @IsUUID(undefined, { each: true })
  templates?: string[];
}
