import { quoteText, TextBuilder } from './json-text.js';
import { sortedKeys, type Value } from './value.js';

/** Words and numbers that a YAML reader (1.1 or 1.2) would not take for a text. */
const NOT_A_TEXT =
  /^(?:~|null|true|false|yes|no|on|off|y|n|<<|=|\.nan|[-+]?\.inf|[-+]?(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9_]+)(?:e[-+]?[0-9]+)?|[-+]?0(?:x[0-9a-f_]+|o[0-7_]+|b[01_]+)|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?)$/i;

/** Whether a YAML reader would take these unquoted characters for something else than a text. */
export const readsAsOtherThanText = (plain: string): boolean => NOT_A_TEXT.test(plain);

/**
 * YAML in block style with sorted keys and no line break at the end. Every text that is not a plain word stands in double
 * quotes, on one line, so that each line break is structure and the whole may be indented.
 */
export function yamlText(value: Value, max: number): string {
  const out = new TextBuilder(max);
  writeYaml(value, '', out);
  return out.toString();
}

function writeYaml(value: Value, margin: string, out: TextBuilder): void {
  switch (value.kind) {
    case 'null':
      return out.add('null');
    case 'bool':
    case 'number':
      return out.add(String(value.value));
    case 'text':
      return out.add(yamlScalar(value.value));
    case 'list':
      if (value.items.length === 0) return out.add('[]');
      return value.items.forEach((item, index) => {
        out.add(`${index > 0 ? `\n${margin}` : ''}- `);
        writeYaml(item, `${margin}  `, out);
      });
    case 'map':
      if (value.entries.size === 0) return out.add('{}');
      return sortedKeys(value).forEach((key, index) => {
        out.add(`${index > 0 ? `\n${margin}` : ''}${yamlScalar(key)}:`);
        writeEntry(value.entries.get(key), margin, out);
      });
  }
}

function writeEntry(child: Value | undefined, margin: string, out: TextBuilder): void {
  if (child === undefined) return;
  const inner = `${margin}  `;
  const block = (child.kind === 'map' && child.entries.size > 0) || (child.kind === 'list' && child.items.length > 0);
  out.add(block ? `\n${inner}` : ' ');
  writeYaml(child, inner, out);
}

function yamlScalar(text: string): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_./-]*$/.test(text) && !readsAsOtherThanText(text);
  return plain ? text : quoteText(text);
}
