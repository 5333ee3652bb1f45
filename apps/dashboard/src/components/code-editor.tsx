import { Input } from '@mantine/core';
import { useId, useImperativeHandle, useRef, type KeyboardEvent, type Ref } from 'react';
import { offsetOf, indentAt } from './text-position.js';
import classes from './code-editor.module.css';

export interface CodeEditorHandle {
  /** Puts the cursor there; line and column count from 1. */
  goTo(line: number, column: number): void;
}

interface CodeEditorProps {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Lines something is wrong with. */
  readonly badLines: ReadonlySet<number>;
  readonly rows: number;
  readonly required?: boolean;
  readonly ref?: Ref<CodeEditorHandle>;
}

/** Height of a line in code-editor.module.css, px. */
const LINE = 20;

/**
 * A plain text area in a fixed-width face with numbered lines. Tab indents; Escape and then Tab leaves the field, as
 * does Shift+Tab, so that the keyboard is never caught.
 */
export function CodeEditor(props: CodeEditorProps) {
  const { label, description, value, onChange, badLines, rows, required = false, ref } = props;
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const gutter = useRef<HTMLDivElement>(null);
  const mayLeave = useRef(false);
  useImperativeHandle(ref, () => ({
    goTo(line, column) {
      const at = offsetOf(value, line, column);
      area.current?.focus();
      area.current?.setSelectionRange(at, at);
      area.current?.scrollTo({ top: Math.max(0, (line - 4) * LINE) });
    },
  }));
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const leaving = mayLeave.current;
    mayLeave.current = event.key === 'Escape';
    if (event.key !== 'Tab' || event.shiftKey || leaving) return;
    event.preventDefault();
    const { selectionStart, selectionEnd } = event.currentTarget;
    // through the browser, so that undo knows of it
    document.execCommand('insertText', false, indentAt(value, selectionStart, selectionEnd));
  };
  return (
    <Input.Wrapper label={label} description={description} required={required} labelProps={{ htmlFor: id }}>
      <div className={classes.frame}>
        <div className={classes.gutter} ref={gutter} aria-hidden>
          {value.split('\n').map((_, at) => (
            <div key={at} data-bad={badLines.has(at + 1) || undefined}>
              {at + 1}
            </div>
          ))}
        </div>
        <textarea
          id={id}
          ref={area}
          className={classes.area}
          value={value}
          rows={rows}
          wrap="off"
          spellCheck={false}
          autoCapitalize="none"
          autoComplete="off"
          required={required}
          aria-invalid={badLines.size > 0}
          onChange={(event) => onChange(event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onScroll={(event) => gutter.current?.scrollTo({ top: event.currentTarget.scrollTop })}
        />
      </div>
    </Input.Wrapper>
  );
}
