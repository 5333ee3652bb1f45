import { Readable } from 'node:stream';
import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { AuditCheck } from './audit-check.js';
import { AuditCheckDto, AuditExportQueryDto, AuditPageDto, AuditQueryDto } from './audit.dto.js';
import { auditFile, MEDIA_TYPES } from './audit-file.js';
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

  /** All entries that fit as a file, newest first */
  @Get('export')
  @Does('audit.list')
  @ApiProduces('text/csv', 'application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string' } })
  export(@Query() { format = 'csv', ...filter }: AuditExportQueryDto): StreamableFile {
    const pieces = auditFile(this.trail.everything(filter), format);
    const disposition = `attachment; filename="knot-audit.${format}"`;
    return new StreamableFile(Readable.from(pieces, { objectMode: false }), { type: MEDIA_TYPES[format], disposition });
  }

  /** Check the hash chain over all entries: tells what was changed, added or removed in the database itself */
  @Get('check')
  @Does('audit.check')
  check(): Promise<AuditCheckDto> {
    return this.chain.run();
  }
}
