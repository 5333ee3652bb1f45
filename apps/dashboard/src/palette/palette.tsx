import { Modal, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useId, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { texts } from '../texts/texts.js';
import type { Goal } from './found.js';
import { useGoals } from './use-goals.js';
import classes from './palette.module.css';

/** Goes anywhere by a few letters. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const goals = useGoals(text);
  const navigate = useNavigate();
  const list = useId();
  const current = Math.min(at, goals.length - 1);
  const go = ({ to }: Goal) => {
    onClose();
    void navigate(to);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && goals.length > 0) {
      event.preventDefault();
      setAt((current + step + goals.length) % goals.length);
    }
    const goal = goals[current];
    if (event.key === 'Enter' && goal) {
      event.preventDefault();
      go(goal);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      aria-label={texts.palette.title}
    >
      <TextInput
        data-autofocus
        role="combobox"
        aria-label={texts.palette.title}
        aria-expanded
        aria-controls={list}
        aria-activedescendant={goals.length > 0 ? `${list}-${current}` : undefined}
        aria-autocomplete="list"
        placeholder={texts.palette.title}
        leftSection={<IconSearch size={18} aria-hidden />}
        size="md"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={list} role="listbox" aria-label={texts.palette.title} className={classes.goals}>
        {goals.map((goal, index) => (
          <div
            key={`${goal.kind} ${goal.to}`}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === current}
            className={classes.goal}
            onClick={() => go(goal)}
            onPointerMove={() => setAt(index)}
          >
            <span>{goal.label}</span>
            <span className={classes.kind}>{goal.kind}</span>
          </div>
        ))}
      </div>
      <div role="status">{goals.length === 0 && <Text c="dimmed">{texts.palette.nothing}</Text>}</div>
    </Modal>
  );
}
