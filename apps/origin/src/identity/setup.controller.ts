import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '../openapi/api.decorator.js';
import { Does } from '../http/action.decorator.js';
import { Visiting } from '../http/call.decorator.js';
import type { Visitor } from '../http/call.js';
import { SetupDoneDto, SetupDto, SetupStateDto } from './identity.dto.js';
import { SetUp } from './set-up.js';

@ApiTags('identity')
@Controller('api/v1/setup')
export class SetupController {
  constructor(private readonly setUp: SetUp) {}

  /** Whether the first administrator is still to be made */
  @Get()
  @Does('setup.read')
  read(): Promise<SetupStateDto> {
    return this.setUp.state();
  }

  /** Make the first administrator, with the code from the server's log */
  @Post()
  @HttpCode(201)
  @Does('setup.finish')
  finish(@Visiting() visitor: Visitor, @Body() body: SetupDto): Promise<SetupDoneDto> {
    return this.setUp.finish(visitor, body);
  }
}
