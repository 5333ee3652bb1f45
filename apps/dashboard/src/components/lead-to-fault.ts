import type { SyntheticEvent } from 'react';

/** For a form that was sent with a fault in it: the first one is seen, and can be mended at once. */
export function leadToFault(_errors: unknown, _values: unknown, event?: SyntheticEvent<HTMLFormElement>): void {
  const form = event?.currentTarget;
  // once what is wrong stands there
  requestAnimationFrame(() => {
    const fault = form?.querySelector('[aria-invalid="true"], [role="alert"]');
    fault?.scrollIntoView({ block: 'center' });
    if (fault instanceof HTMLInputElement) fault.focus();
  });
}
