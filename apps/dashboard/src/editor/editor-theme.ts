import { HighlightStyle } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** Height of a line, px. */
const LINE = 20;

/** Each at least 4.5 : 1 against the ground of its theme, and of the line of the cursor. */
export const highlighting = HighlightStyle.define([
  { tag: tags.comment, color: 'light-dark(#5c6670, #9aa3ad)', fontStyle: 'italic' },
  { tag: tags.string, color: 'light-dark(#1d6a3a, #8fd6a6)' },
  { tag: tags.number, color: 'light-dark(#8a3b00, #ffc078)' },
  { tag: tags.keyword, color: 'light-dark(#6f2dbd, #d0a9ff)' },
  { tag: tags.propertyName, color: 'light-dark(#1c4fa0, #91bbff)' },
  { tag: tags.variableName, color: 'light-dark(#9c1f5a, #ffa3cd)' },
  { tag: tags.brace, color: 'light-dark(#9c1f5a, #ffa3cd)', fontWeight: '700' },
]);

/** As the rest of the page, whose variables reach into the shadow root. */
export function editorTheme(rows: number): Extension {
  return EditorView.theme({
    '&': { color: 'var(--mantine-color-text)', fontSize: '13px', borderRadius: '8px' },
    '&.cm-focused': { outline: 'none' },
    '.cm-scroller': {
      fontFamily: 'var(--mantine-font-family-monospace)',
      lineHeight: `${LINE}px`,
      maxHeight: '70vh',
      overflow: 'auto',
    },
    '.cm-content, .cm-gutter': { minHeight: `${rows * LINE + 16}px` },
    '.cm-content': { padding: '8px 0', caretColor: 'var(--mantine-color-text)' },
    '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
    '.cm-activeLine': { backgroundColor: 'transparent' },
    '&.cm-focused .cm-activeLine': { backgroundColor: 'light-dark(#f1f4f9, #22242a)' },
    '.cm-gutters': {
      color: 'light-dark(#666d74, #9aa1a8)',
      backgroundColor: 'light-dark(#f6f7f9, #1f2024)',
      borderRight: '1px solid var(--knot-line)',
      borderRadius: '8px 0 0 8px',
    },
    '.cm-activeLineGutter': { backgroundColor: 'transparent' },
    '&.cm-focused .cm-activeLineGutter': {
      color: 'var(--mantine-color-text)',
      backgroundColor: 'light-dark(#e9edf3, #2b2e35)',
    },
    '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
      backgroundColor: 'light-dark(#d0dcff, #33427a) !important',
    },
    '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': { backgroundColor: 'light-dark(#dbe4ff, #3b4263)' },
    '.cm-tooltip, .cm-panels': {
      color: 'var(--mantine-color-text)',
      backgroundColor: 'var(--knot-surface)',
      border: '1px solid var(--knot-line-strong)',
      borderRadius: '8px',
    },
    '.cm-tooltip-autocomplete > ul': { fontFamily: 'var(--mantine-font-family-monospace)' },
    '.cm-tooltip-autocomplete > ul > li[aria-selected]': { color: '#fff', backgroundColor: '#3b5bdb' },
    // the pictures of its own are `data:` addresses, which the content policy refuses
    '.cm-lintRange, .cm-lintRange-error': {
      backgroundImage: 'none',
      paddingBottom: '0',
      textDecoration: 'underline wavy light-dark(#c92a2a, #ff8787)',
    },
    '.cm-lint-marker, .cm-lint-marker-error': {
      content: '""',
      width: '9px',
      height: '9px',
      margin: '5px 2px',
      borderRadius: '50%',
      backgroundColor: 'light-dark(#c92a2a, #ff8787)',
    },
    '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.85' },
    '.cm-panels-top': { borderRadius: '8px 8px 0 0' },
    '.cm-panel.cm-search': { fontFamily: 'system-ui, sans-serif' },
    '.cm-textfield, .cm-button': {
      color: 'var(--mantine-color-text)',
      backgroundColor: 'light-dark(#fff, #191a1d)',
      backgroundImage: 'none',
      border: '1px solid var(--knot-line-strong)',
      borderRadius: '4px',
    },
  });
}
