import { EditorView } from '@codemirror/view';

/**
 * A letter typed over a selection goes into the text itself. Left to the browser, it would become a span with a `style`
 * attribute of the browser's own, for the colour of what it replaces, which the content policy refuses and reports.
 */
export const typedOverSelection = EditorView.domEventHandlers({
  beforeinput({ data, inputType, isComposing }, view) {
    const { selection } = view.state;
    if (inputType !== 'insertText' || data === null || isComposing || selection.main.empty) return false;
    view.dispatch({ ...view.state.replaceSelection(data), scrollIntoView: true, userEvent: 'input.type' });
    // true: the browser is kept from doing it too
    return true;
  },
});
