import { StreamLanguage, type StreamParser, type StringStream } from '@codemirror/language';
import type { Extension } from '@codemirror/state';

export type TextLanguage = 'hcl' | 'yaml';

interface Place {
  /** Inside of `${{ }}`. */
  inAction: boolean;
  /** Inside of a comment of HCL that goes over lines. */
  inComment: boolean;
}

const WORDS = /^(?:if|else|end|range|with|define|template|block|break|continue|and|or|not|eq|ne|lt|le|gt|ge)\b/;

/** HCL or YAML, as far as colours go, with actions of the template language anywhere in it. */
export function templateText(language: TextLanguage): Extension {
  return StreamLanguage.define(language === 'hcl' ? parserOf(hclToken) : parserOf(yamlToken));
}

type Token = (stream: StringStream, place: Place) => string | null;

function parserOf(textToken: Token): StreamParser<Place> {
  return {
    startState: () => ({ inAction: false, inComment: false }),
    token: (stream, place) => {
      if (place.inAction) return actionToken(stream, place);
      if (stream.match('${{')) {
        place.inAction = true;
        return 'brace';
      }
      return textToken(stream, place);
    },
    languageData: { commentTokens: { line: '#' } },
  };
}

function actionToken(stream: StringStream, place: Place): string | null {
  if (stream.eatSpace()) return null;
  if (stream.match(/^-?\}\}/)) {
    place.inAction = false;
    return 'brace';
  }
  if (stream.match(/^\/\*.*?(\*\/|$)/)) return 'comment';
  if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^`[^`]*`?/)) return 'string';
  if (stream.match(/^[.$][\w.]*/)) return 'variableName';
  if (stream.match(WORDS)) return 'keyword';
  if (stream.match(/^-?\d[\d.]*/)) return 'number';
  if (stream.match(/^\w+/)) return 'keyword';
  stream.next();
  return null;
}

function hclToken(stream: StringStream, place: Place): string | null {
  if (place.inComment || stream.match('/*')) {
    place.inComment = !stream.match(/^.*?\*\//);
    if (place.inComment) stream.skipToEnd();
    return 'comment';
  }
  if (stream.match(/^(?:#|\/\/).*/)) return 'comment';
  if (stream.peek() === '"') return quoted(stream, '"');
  if (stream.match(/^(?:true|false|null)\b/)) return 'keyword';
  if (stream.match(/^\d[\d.]*/)) return 'number';
  if (stream.match(/^[A-Za-z_][\w-]*(?=\s*=)/)) return 'propertyName';
  if (stream.match(/^[A-Za-z_][\w-]*/)) return 'keyword';
  stream.next();
  return null;
}

function yamlToken(stream: StringStream): string | null {
  if (stream.match(/^#.*/)) return 'comment';
  if (stream.match(/^[\w./-]+(?=\s*:(?:\s|$))/)) return 'propertyName';
  if (stream.peek() === '"' || stream.peek() === "'") return quoted(stream, stream.peek() ?? '"');
  if (stream.match(/^(?:true|false|null)\b/)) return 'keyword';
  if (stream.match(/^-?\d[\d.]*\b/)) return 'number';
  if (stream.match(/^[\w]+/)) return null;
  stream.next();
  return null;
}

/** A piece of a quoted text, up to its end or to an action within. */
function quoted(stream: StringStream, quote: string): string {
  stream.next();
  for (let escaped = false; !stream.eol();) {
    if (!escaped && stream.match('${{', false)) break;
    const letter = stream.next();
    if (letter === quote && !escaped) break;
    escaped = letter === '\\' && !escaped;
  }
  return 'string';
}
