import { Input } from '@mantine/core';
import { useEffect, useId, useImperativeHandle, useRef, type Ref } from 'react';
import type { Completions } from './completions.js';
import { openEditor, type EditorHandle, type TextMark } from './open-editor.js';
import type { TextLanguage } from './template-text-language.js';
import classes from './code-editor.module.css';

export interface CodeEditorHandle {
  /** Puts the cursor there; line and column count from 1. */
  goTo(line: number, column: number): void;
}

interface CodeEditorProps {
  readonly label: string;
  readonly description?: string;
  readonly language: TextLanguage;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong, at its places. */
  readonly marks: readonly TextMark[];
  /** Lines that are seen when it is empty. */
  readonly rows: number;
  readonly required?: boolean;
  /** What can be chosen inside of `${{ }}`; without them it is plain text. */
  readonly completions?: Completions;
  readonly ref?: Ref<CodeEditorHandle>;
}

/**
 * A text of a template: coloured, with what is wrong marked as one types, and with names to choose from. Tab indents;
 * Escape and then Tab leaves it, so that the keyboard is never caught.
 */
export function CodeEditor({ label, description, required = false, ref, ...props }: CodeEditorProps) {
  const { language, value, onChange, marks, rows, completions } = props;
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorHandle>(null);
  const now = useRef({ value, onChange, completions });
  now.current = { value, onChange, completions };
  useEffect(() => {
    if (!place.current) return undefined;
    const opened = openEditor(place.current, {
      label,
      language,
      rows,
      text: now.current.value,
      onChange: (text) => now.current.onChange(text),
      completions: () => now.current.completions,
    });
    editor.current = opened;
    return () => {
      editor.current = null;
      opened.close();
    };
  }, [label, language, rows]);
  useEffect(() => editor.current?.replace(value), [value]);
  useEffect(() => editor.current?.mark(marks), [marks]);
  useImperativeHandle(ref, () => ({ goTo: (line, column) => editor.current?.goTo(line, column) }));
  return (
    <Input.Wrapper
      label={label}
      description={description}
      required={required}
      labelElement="div"
      labelProps={{ id: `${id}-label`, onClick: () => editor.current?.focus() }}
    >
      <div ref={place} className={classes.frame} />
    </Input.Wrapper>
  );
}
