import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { AuditCheck } from './audit-check.js';
import { AuditCheckDto, AuditPageDto, AuditQueryDto } from './audit.dto.js';
import { AuditTrail } from './audit-trail.js';

@ApiTags('audit')
@Controller('api/v1/audit')
export class AuditController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly chain: AuditCheck,
  ) {}

  /** Who did what, newest first */
  @Get()
  @Does('audit.list')
  list(@Query() query: AuditQueryDto): Promise<AuditPageDto> {
    return this.trail.list(query);
  }

  /** Check the hash chain over all entries: tells what was changed, added or removed in the database itself */
  @Get('check')
  @Does('audit.check')
  check(): Promise<AuditCheckDto> {
    return this.chain.run();
  }
}
