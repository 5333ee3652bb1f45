import { TextBuilder } from './json-text.js';
import { sortedKeys, type Value } from './value.js';

/** A value as Go's `%v` prints it. */
export function goText(value: Value, max: number): string {
  if (value.kind === 'text') return value.value;
  const out = new TextBuilder(max);
  writeGo(value, out);
  return out.toString();
}

function writeGo(value: Value, out: TextBuilder): void {
  switch (value.kind) {
    case 'null':
      return out.add('<nil>');
    case 'bool':
    case 'number':
    case 'text':
      return out.add(String(value.value));
    case 'list':
      out.add('[');
      value.items.forEach((item, index) => {
        if (index > 0) out.add(' ');
        writeGo(item, out);
      });
      return out.add(']');
    case 'map':
      out.add('map[');
      sortedKeys(value).forEach((key, index) => {
        out.add(`${index > 0 ? ' ' : ''}${key}:`);
        const child = value.entries.get(key);
        if (child !== undefined) writeGo(child, out);
      });
      return out.add(']');
  }
}
