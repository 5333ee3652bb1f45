import { usernameProblem } from '@knot/domain';
import { IsOptional, IsUUID } from 'class-validator';
import { Follows } from '../http/follows.decorator.js';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { SpaceOwnerDto } from '../spaces/space.dto.js';

@ApiSchema({ name: 'OfferedSpace' })
export class OfferedSpaceDto {
  id!: string;
  name!: string;
  location!: string;
  /** Name of its template. */
  template!: string;
  owner!: SpaceOwnerDto;
}

/** A space that somebody is asked to share or to take over, or that is shared. */
@ApiSchema({ name: 'Offer' })
export class OfferDto {
  id!: string;
  @ApiProperty({ enum: ['share', 'transfer'] })
  deed!: 'share' | 'transfer';
  /** `open` until the receiver accepts; what is shared stays `accepted` until one of them ends it. */
  @ApiProperty({ enum: ['open', 'accepted'] })
  state!: 'open' | 'accepted';
  space!: OfferedSpaceDto;
  from!: SpaceOwnerDto;
  to!: SpaceOwnerDto;
  createdAt!: number;
  version!: number;
}

@ApiSchema({ name: 'OfferList' })
export class OfferListDto {
  items!: OfferDto[];
}

export class OfferQueryDto {
  /** Id of a space: all offers of it that one may see. Otherwise those to oneself and by oneself. */
  @IsOptional()
  @IsUUID()
  space?: string;
}

@ApiSchema({ name: 'OfferCreate' })
export class OfferCreateDto {
  /** User name of the receiver. */
  @Follows(usernameProblem)
  user!: string;
}
