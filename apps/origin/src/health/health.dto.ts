import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';

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

@ApiSchema({ name: 'HealthDetails' })
export class HealthDetailsDto {
  @ApiProperty({ enum: ['ok', 'failing'] })
  status!: 'ok' | 'failing';
  version!: string;
  installation!: string;
  epoch!: string;
  startedAt!: number;
  findings!: FindingDto[];
}

@ApiSchema({ name: 'Version' })
export class VersionDto {
  /** Of the program. */
  version!: string;
  /** Of this API. */
  api!: string;
}
