import { Button, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { ConfirmModal } from './confirm-modal.js';
import classes from '../pages/location/location-lists.module.css';

interface RemovableItemProps {
  readonly name: string;
  /** After the name. */
  readonly kind: string;
  readonly remove: {
    /** What the button says. */
    readonly deed: string;
    /** The same for those who hear it among others: with the name. */
    readonly label: string;
    readonly title: string;
    readonly what: string;
  };
  readonly onRemove: () => Promise<void>;
  readonly children: ReactNode;
}

/** One of a list of one's own that can be removed, once one has read what that means. */
export function RemovableItem({ name, kind, remove, onRemove, children }: RemovableItemProps) {
  const [asking, setAsking] = useState(false);
  const removal = useMutation({ mutationFn: onRemove, onSuccess: () => setAsking(false) });
  return (
    <li className={classes.item} data-item={name}>
      <div className={classes.head}>
        <strong>{name}</strong>
        <Text c="dimmed" component="span">
          {kind}
        </Text>
        <span className={classes.buttons}>
          <Button
            size="compact-sm"
            variant="light"
            color="red"
            aria-label={remove.label}
            onClick={() => setAsking(true)}
          >
            {remove.deed} …
          </Button>
        </span>
      </div>
      {children}
      {asking && (
        <ConfirmModal
          title={remove.title}
          what={remove.what}
          deed={remove.deed}
          busy={removal.isPending}
          error={removal.error}
          onConfirm={() => removal.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}
