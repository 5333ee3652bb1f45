import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Does } from '../http/action.decorator.js';
import { Asked } from '../http/call.decorator.js';
import type { Call } from '../http/call.js';
import { IdPipe } from '../http/id.pipe.js';
import { ApiTags } from '../openapi/api.decorator.js';
import { SpaceDetailDto } from '../spaces/space.dto.js';
import { OfferViews } from './offer-views.js';
import { OfferCreateDto, OfferDto, OfferListDto, OfferQueryDto } from './offer.dto.js';
import { Offers } from './offers.js';

@ApiTags('offers')
@Controller('api/v1')
export class OffersController {
  constructor(
    private readonly offers: Offers,
    private readonly views: OfferViews,
  ) {}

  /** List the spaces that one is offered or offers, and those that are shared */
  @Get('offers')
  @Does('offer.list')
  list(@Asked() call: Call, @Query() query: OfferQueryDto): Promise<OfferListDto> {
    return this.views.list(call, query.space);
  }

  /** Offer to share a space with somebody; they have it when they accept */
  @Post('spaces/:id/share')
  @Does('space.share')
  share(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: OfferCreateDto): Promise<OfferDto> {
    return this.offers.offer(call, id, 'share', body.user);
  }

  /** Offer a space to a new owner; it is theirs, and stopped, when they accept */
  @Post('spaces/:id/transfer')
  @Does('space.transfer')
  transfer(@Asked() call: Call, @Param('id', IdPipe) id: string, @Body() body: OfferCreateDto): Promise<OfferDto> {
    return this.offers.offer(call, id, 'transfer', body.user);
  }

  /** Accept what one was offered */
  @Post('offers/:id/accept')
  @HttpCode(200)
  @Does('offer.accept')
  accept(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<SpaceDetailDto> {
    return this.offers.accept(call, id);
  }

  /** Decline an offer, take it back, or end the sharing */
  @Delete('offers/:id')
  @HttpCode(204)
  @Does('offer.end')
  end(@Asked() call: Call, @Param('id', IdPipe) id: string): Promise<void> {
    return this.offers.end(call, id);
  }
}
