import { acceptCompletion, autocompletion, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { texts } from '../texts/texts.js';
import { completionSource, type Completions } from './completions.js';
import { editorTheme, highlighting } from './editor-theme.js';
import { templateText, type TextLanguage } from './template-text-language.js';
import { typedOverSelection } from './typed-over-selection.js';

/** Something that is wrong at a place; line and column count from 1, a line of 0 is no place. */
export interface TextMark {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface EditorHandle {
  goTo(line: number, column: number): void;
  focus(): void;
  /** Puts another text there, where it differs. */
  replace(text: string): void;
  mark(marks: readonly TextMark[]): void;
  close(): void;
}

interface EditorOptions {
  readonly label: string;
  readonly language: TextLanguage;
  readonly rows: number;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly completions: () => Completions | undefined;
}

/**
 * Opens an editor in the element. It lives in a shadow root: there its styles are adopted style sheets, which the
 * content policy allows, while in the document they would be a `<style>` element, which it forbids.
 */
export function openEditor(element: HTMLElement, options: EditorOptions): EditorHandle {
  const host = element.appendChild(document.createElement('div'));
  const root = host.attachShadow({ mode: 'open' });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({ doc: options.text, extensions: extensionsOf(options) }),
  });
  return {
    goTo: (line, column) => {
      const at = offsetOf(view.state, line, column);
      view.focus();
      view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    },
    focus: () => view.focus(),
    replace: (text) => {
      const { doc } = view.state;
      if (doc.toString() !== text) view.dispatch({ changes: { from: 0, to: doc.length, insert: text } });
    },
    mark: (marks) =>
      view.dispatch(
        setDiagnostics(
          view.state,
          marks.flatMap((one) => diagnosticOf(view.state, one)),
        ),
      ),
    close: () => {
      view.destroy();
      host.remove();
    },
  };
}

function extensionsOf({ label, language, rows, onChange, completions }: EditorOptions): Extension {
  return [
    lineNumbers(),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    templateText(language),
    typedOverSelection,
    syntaxHighlighting(highlighting),
    lintGutter(),
    autocompletion({ override: [completionSource(completions)], icons: false }),
    // Escape and then Tab leaves the editor: CodeMirror's own rule of Tab
    keymap.of([
      { key: 'Tab', run: acceptCompletion },
      { key: 'Tab', run: indentMore, shift: indentLess },
      ...completionKeymap,
      ...searchKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    // a long line makes its frame scroll, which the keyboard is to reach
    EditorView.contentAttributes.of({
      'aria-label': label,
      tabindex: '0',
      spellcheck: 'false',
      autocapitalize: 'none',
    }),
    EditorView.updateListener.of(({ docChanged, state }) => {
      if (docChanged) onChange(state.doc.toString());
    }),
    EditorState.phrases.of(texts.editorPhrases),
    editorTheme(rows),
  ];
}

/** Index of a line and column that count from 1; the nearest one where the text is shorter. */
function offsetOf({ doc }: EditorState, line: number, column: number): number {
  const { from, to } = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(to, from + Math.max(0, column - 1));
}

function diagnosticOf(state: EditorState, { line, column, message }: TextMark) {
  if (line < 1) return [];
  const from = offsetOf(state, line, column);
  const word = state.wordAt(from);
  const end = Math.min(state.doc.lineAt(from).to, from + 1);
  return [{ from, to: Math.max(from, word?.to ?? end), severity: 'error' as const, message }];
}
