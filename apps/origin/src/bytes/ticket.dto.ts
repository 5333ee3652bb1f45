import { STREAM_ACTIONS, type StreamAction } from '@knot/contract';
import { ApiProperty, ApiSchema } from '../openapi/api.decorator.js';
import { IsIn } from 'class-validator';
import { BROWSER_PERMISSIONS, type BrowserPermission } from './browser-permissions.js';

@ApiSchema({ name: 'TicketRequest' })
export class TicketRequestDto {
  @ApiProperty({ enum: STREAM_ACTIONS })
  @IsIn(STREAM_ACTIONS)
  action!: StreamAction;
}

/** Lets its holder into one space, once, within a minute. */
@ApiSchema({ name: 'Ticket' })
export class TicketDto {
  /** Shown as the WebSocket sub-protocol `knot.ticket.<ticket>` beside the one to be spoken; never in an address. */
  ticket!: string;
  /** Where the WebSocket is opened, at the origin or at the leaf itself. */
  path!: string;
  location!: string;
  /** Address of the leaf itself, which a client tries first; '' where only the origin leads there. */
  direct!: string;
  /** SHA-256 of the certificate that the leaf shows there, where it made that itself; else ''. */
  directFingerprint!: string;
  /** What a browser may ask its user for before a page of the dashboard calls there; '' where it asks nothing. */
  @ApiProperty({ enum: BROWSER_PERMISSIONS })
  directPermission!: BrowserPermission;
  expiresAt!: number;
  /** Whether terminals are drawn by WebGL, as the server's `terminal.webgl` says. */
  webgl!: boolean;
  /** For SSH, what the space shows: type and key. */
  hostKey!: string;
}
