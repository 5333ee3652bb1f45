import { LABELLED_KINDS, labelsProblem, type LabelledKind } from '@knot/domain';
import { IsIn, IsOptional, IsString, Matches, ValidateBy } from 'class-validator';
import { PageQueryDto } from '../http/page.dto.js';
import { ApiProperty, ApiPropertyOptional, ApiSchema } from '../openapi/api.decorator.js';

const IsLabels = () =>
  ValidateBy({
    name: 'labels',
    validator: {
      validate: (value: unknown) => labelsOf(value) !== null && labelsProblem(labelsOf(value) ?? {}) === null,
      defaultMessage: (given) => labelsProblem(labelsOf(given?.value) ?? {}) ?? '$property is an object of texts.',
    },
  });

function labelsOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
}

@ApiSchema({ name: 'LabelsPut' })
export class LabelsPutDto {
  /** All of them; none takes away what there were. */
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  @IsLabels()
  labels!: Record<string, string>;
}

@ApiSchema({ name: 'Labelled' })
export class LabelledDto {
  @ApiProperty({ enum: LABELLED_KINDS })
  kind!: LabelledKind;
  id!: string;
  /** Of a user the user name. */
  name!: string;
  /** Of a variable, volume or space; empty otherwise, and for a variable of every location. */
  location!: string;
  /** Id of who owns a space; empty otherwise. */
  ownerId!: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } })
  labels!: Record<string, string>;
}

@ApiSchema({ name: 'LabelledPage' })
export class LabelledPageDto {
  /** A page may be shorter than asked for, and empty, and still have a next one. */
  items!: LabelledDto[];
  @ApiProperty({ type: String, nullable: true })
  next!: string | null;
}

export class LabelledQueryDto extends PageQueryDto {
  @ApiPropertyOptional({ enum: LABELLED_KINDS })
  @IsOptional()
  @IsIn(LABELLED_KINDS)
  kind?: LabelledKind;
  /** `key=value`: only what has this label. */
  @IsOptional()
  @IsString()
  @Matches(/^[a-z0-9./-]{1,63}=[A-Za-z0-9._-]{0,63}$/, { message: 'It has the form key=value.' })
  label?: string;
}
