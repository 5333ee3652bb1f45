import { ApiSchema } from '../openapi/api.decorator.js';

/** A shell with a screen in a space. It goes on without a window. */
@ApiSchema({ name: 'Terminal' })
export class TerminalDto {
  id!: string;
  startedAt!: number;
  /** When something was last typed or printed. */
  activeAt!: number;
  /** Whether a window shows it now. */
  shown!: boolean;
  /** What runs in it, by the name of its program. */
  program!: string;
}

@ApiSchema({ name: 'TerminalList' })
export class TerminalListDto {
  items!: TerminalDto[];
}
