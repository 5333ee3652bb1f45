import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsInt,
  IsTimeZone,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';

@ApiSchema({ name: 'ScheduleWindow' })
export class ScheduleWindowDto {
  /** On which it begins: 0 = Sunday to 6 = Saturday. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(7)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(0, { each: true })
  @Max(6, { each: true })
  days!: number[];
  /** Minutes from midnight. */
  @IsInt()
  @Min(0)
  @Max(1439)
  from!: number;
  /** Minutes from midnight; not after `from`: on the next day. */
  @IsInt()
  @Min(0)
  @Max(1439)
  to!: number;
}

/** When spaces may run. A start freezes it; a later edit counts from the next start. */
@ApiSchema({ name: 'Schedule' })
export class ScheduleDto {
  /** IANA name, e.g. `Europe/Berlin`. */
  @IsTimeZone()
  timezone!: string;
  @ApiProperty({ type: [ScheduleWindowDto] })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ScheduleWindowDto)
  windows!: ScheduleWindowDto[];
  /** Days `YYYY-MM-DD` on which no window begins. */
  @IsArray()
  @ArrayMaxSize(500)
  @Matches(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, {
    each: true,
    message: 'A holiday has the form YYYY-MM-DD.',
  })
  holidays!: string[];
  /** Whether what the end of a window stopped starts by itself with the next one. */
  @IsBoolean()
  autoStart!: boolean;
}
