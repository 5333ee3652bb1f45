import { Injectable, type PipeTransform } from '@nestjs/common';
import { KnotError } from '@knot/shared/errors';

/** A TCP port in a path. */
@Injectable()
export class PortPipe implements PipeTransform<string, number> {
  transform(value: string): number {
    const port = Number(value);
    if (/^\d{1,5}$/.test(value) && port >= 1 && port <= 65_535) return port;
    throw new KnotError('input.invalid', `"${value}" is no port.`, 'Ports go from 1 to 65535.');
  }
}
