import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { CHECK_CODES, type Check, type CheckCode } from './checks/check.js';

@ApiSchema({ name: 'Health' })
export class HealthDto {
  @ApiProperty({ enum: ['ok', 'failing'] })
  status!: 'ok' | 'failing';
}

@ApiSchema({ name: 'Finding' })
export class FindingDto {
  /** What is not as it should be, and what to do. */
  message!: string;
  @ApiProperty({ enum: ['warning', 'error'] })
  level!: 'warning' | 'error';
}

@ApiSchema({ name: 'Check' })
export class CheckDto {
  /** Stable: what alerts and the documentation go by. */
  @ApiProperty({ enum: CHECK_CODES })
  code!: CheckCode;
  @ApiProperty({ enum: ['ok', 'warning', 'error'] })
  severity!: Check['severity'];
  /** Name of the location it is about; empty for the server itself. */
  subject!: string;
  sentence!: string;
  /** What to do; empty where nothing is to be done. */
  advice!: string;
  /** Page and section of the documentation. */
  documentation!: string;
}

@ApiSchema({ name: 'HealthDetails' })
export class HealthDetailsDto {
  @ApiProperty({ enum: ['ok', 'failing'] })
  status!: 'ok' | 'failing';
  version!: string;
  installation!: string;
  epoch!: string;
  startedAt!: number;
  /** The checks that failed, as sentences. */
  findings!: FindingDto[];
  /** Everything that was looked at, what is well too. */
  checks!: CheckDto[];
}

@ApiSchema({ name: 'Version' })
export class VersionDto {
  /** Of the program. */
  version!: string;
  /** Of this API. */
  api!: string;
  /** Tells one installation from another, the same at each of its origins; empty while the store is silent. */
  fingerprint!: string;
}
