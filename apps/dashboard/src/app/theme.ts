import { createTheme } from '@mantine/core';
import { texts } from '../texts/texts.js';

/** Also read by vite.config.mjs, which writes its variables as plain CSS. */
export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif', fontWeight: '650' },
  components: {
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': texts.common.close } } },
    Text: { defaultProps: { size: 'sm' } },
    // react-remove-scroll would write a <style> element
    Modal: { defaultProps: { lockScroll: false, centered: true, transitionProps: { duration: 120 } } },
  },
});
